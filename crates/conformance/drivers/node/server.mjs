// What a server does with a tokens file: what its grants allow (ACC), and what a start creates (BOOT).

import { canonical, Fault, INTERNAL_DATABASE, quoted, SYSTEM_NAMES, unique, WILDCARD } from './grammar.mjs';
import { hashOf, isActive } from './document.mjs';

/**
 * Every (`type:name`, action) that the entries of a token grant. Names hold no colon, so that the keys are unique. The
 * entries are taken in canonical form: repeats in both lists of one entry would multiply without bound.
 */
export function grantedActions(token) {
  return token.permissions
    .map(canonical)
    .flatMap(({ resource_type, resource_names, actions }) =>
      resource_names.flatMap((name) => actions.map((action) => [`${resource_type}:${name}`, action])),
    );
}

/** The grants of a token, merged (ACC-02): `type:name` → its actions. */
export function grantsOf(token) {
  const grants = new Map();
  for (const [key, action] of grantedActions(token)) {
    if (!grants.has(key)) grants.set(key, new Set());
    grants.get(key).add(action);
  }
  return grants;
}

/** The names of the databases that the permissions of a token give, `*` left out. */
export const namedDatabases = (token) =>
  token.permissions
    .filter(({ resource_type }) => resource_type === 'db')
    .flatMap(({ resource_names }) => resource_names)
    .filter((name) => name !== WILDCARD);

/** Decides each probe. `databases` exist when the tokens are created; `later` are made, or made again, afterwards. */
export function access(document, { databases, later, now, probes }) {
  const resolvable = new Set(databases);
  for (const name of later) resolvable.delete(name); // ACC-05: a grant does not attach to the database made again
  const accounts = new Map(
    document.tokens.map((token) => [token.token, { active: isActive(token, now), grants: grantsOf(token) }]),
  );
  return probes.map((probe) => decide(accounts.get(probe.token), resolvable, probe));
}

// ACC-01
function decide(account, resolvable, { resource_type, resource_name, actions }) {
  if (!account?.active) return 'unauthenticated';
  const granted = lookUp(account.grants, resolvable, resource_type, resource_name);
  return granted !== undefined && actions.every((action) => granted.has(action)) ? 'allow' : 'deny'; // ACC-08, ACC-10
}

// ACC-03: the exact name, where it resolves, and then `*`; what is found first decides alone.
function lookUp(grants, resolvable, type, name) {
  if (type === 'db' && name === INTERNAL_DATABASE) return undefined; // ACC-06
  if (type === 'system' && !SYSTEM_NAMES.includes(name)) return undefined; // ACC-07
  const resolves = type === 'system' || resolvable.has(name); // ACC-04
  const exact = resolves ? grants.get(`${type}:${name}`) : undefined;
  return exact ?? grants.get(`${type}:${WILDCARD}`);
}

/** What a start with this file does on a server in this state, or throws the fault that stops it. */
export function plan(document, state) {
  const existing = new Set(state.databases);
  const createDatabases = unique(document.create_databases).filter((name) => !existing.has(name)); // BOOT-01
  const holders = new Map(state.tokens.map((token) => [token.name, token]));
  const started = state.tokens.some(({ resource }) => resource); // BOOT-02: admin tokens do not count
  const createTokens = started ? [] : document.tokens.filter(({ name }) => !holders.has(name));
  checkCreatable(createTokens, state, new Set([...existing, ...createDatabases, INTERNAL_DATABASE]));
  const notes = document.tokens.flatMap((token) => noteOn(token, holders.get(token.name)));
  return {
    create_databases: createDatabases,
    create_tokens: createTokens.map(({ name }) => name),
    notes: unique(started ? [...notes, 'tokens-exist'] : notes).sort(),
  };
}

// BOOT-03
function noteOn(token, holder) {
  if (holder === undefined) return [];
  if (!holder.resource) return ['name-taken'];
  return holder.token_sha512 === hashOf(token.token) ? [] : ['same-name-new-secret'];
}

// BOOT-04
function checkCreatable(tokens, state, databases) {
  const hashes = new Set(state.tokens.map(({ token_sha512 }) => token_sha512));
  for (const token of tokens) {
    if (hashes.has(hashOf(token.token))) {
      throw new Fault('duplicate-token', `the secret of ${quoted(token.name)} exists under another name`);
    }
    const missing = namedDatabases(token).find((name) => !databases.has(name));
    if (missing !== undefined) {
      throw new Fault('missing-database', `${quoted(token.name)} names ${quoted(missing)}, which does not exist`);
    }
  }
}
