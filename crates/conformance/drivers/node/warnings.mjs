// What is worth a warning in a file that loads: one check a code. A warning never makes a document unloadable.

import { INTERNAL_DATABASE, unique, WILDCARD } from './grammar.mjs';
import { isActive } from './document.mjs';
import { grantedActions, grantsOf, namedDatabases } from './server.mjs';

const MAX_DATABASES = 100; // DB-06
const MAX_DATABASE_NAME = 64; // DB-02
const MAX_SECONDS = 99_999_999_999n; // TOK-09

const DOCUMENT_CHECKS = new Map([
  ['unknown-member', ({ unknownMembers }) => unknownMembers.some((name) => !/^(?:description$|[_$])/.test(name))], // DOC-05
  ['no-tokens', ({ tokens }) => tokens.length === 0], // DOC-07
  ['duplicate-database', ({ create_databases }) => hasRepeats(create_databases)], // DB-03
  ['long-database-name', ({ create_databases }) => create_databases.some(isLongDatabaseName)], // DB-02
  ['too-many-databases', ({ create_databases }) => unique(create_databases).length > MAX_DATABASES], // DB-06
]);

const TOKEN_CHECKS = new Map([
  ['weak-token', ({ token }) => !isGenerated(token) && !isPlaceholder(token) && isWeak(token)], // TOK-02
  ['placeholder-token', ({ token }) => !isGenerated(token) && isPlaceholder(token)], // TOK-02
  ['unusable-token', ({ token }) => !/^[\x21-\x7e]*$/.test(token)], // TOK-03
  ['reserved-name', ({ name }) => name === '_admin'], // TOK-07
  ['expired', (token, { now }) => !isActive(token, now) && !looksLikeSeconds(token)], // TOK-09
  ['expiry-looks-like-seconds', looksLikeSeconds], // TOK-09
  ['no-permissions', ({ permissions }) => permissions.length === 0], // TOK-10
  ['duplicate-grant', hasDuplicateGrant], // PERM-09
  ['shadowed-grant', hasShadowedGrant], // ACC-03
  ['ineffective-grant', hasIneffectiveGrant], // ACC-04, DB-04
  ['undeclared-database', namesUndeclaredDatabase], // DB-05
  ['long-database-name', (token) => namedDatabases(token).some(isLongDatabaseName)], // DB-02
]);

/** The distinct codes, sorted. */
export function warningsOf(document, now) {
  const context = { now, declared: new Set(document.create_databases) };
  const onDocument = [...DOCUMENT_CHECKS].filter(([, check]) => check(document));
  const onTokens = [...TOKEN_CHECKS].filter(([, check]) => document.tokens.some((token) => check(token, context)));
  return unique([...onDocument, ...onTokens].map(([code]) => code)).sort();
}

// The limit is of the part before the slash. A name that has been read is ASCII, so that units are characters here.
const isLongDatabaseName = (name) => name.split('/', 1)[0].length > MAX_DATABASE_NAME;

function looksLikeSeconds({ expiry_millis }) {
  return expiry_millis !== null && expiry_millis >= 1n && expiry_millis <= MAX_SECONDS;
}

const secretOf = (token) => token.slice('apiv3_'.length);

const RUN_OF_EIGHT = /(.)\1{7}/su; // with u, a character outside the BMP counts once

function isWeak(token) {
  const secret = secretOf(token);
  const { length } = [...secret];
  if (length < 22 || RUN_OF_EIGHT.test(secret)) return true;
  return (length < 32 && /^[0-9a-f]*$/i.test(secret)) || entropyBits(secret) < 64;
}

/** Length × Shannon entropy a character. */
function entropyBits(text) {
  const characters = [...text];
  const counts = new Map();
  for (const character of characters) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((bits, count) => bits + count * Math.log2(characters.length / count), 0);
}

const PLACEHOLDER_WORD = /(?:^|[-_])(?:your|here|example|changeme|replace|placeholder|fake|sample)(?:[-_]|$)/i;

function isPlaceholder(token) {
  const secret = secretOf(token);
  if (/\.\.\.|[<>{$]/.test(secret) || PLACEHOLDER_WORD.test(secret)) return true;
  return (secret.match(/x{3,}/g) ?? []).length >= 3;
}

/** 64 bytes in URL-safe base64, as a generator writes them (GEN-01): never accused of anything. */
function isGenerated(token) {
  const secret = secretOf(token);
  const bytes = Buffer.from(secret, 'base64url'); // forgiving, and so compared with what it would have written
  return bytes.length === 64 && bytes.toString('base64url') === secret && !RUN_OF_EIGHT.test(secret);
}

const hasRepeats = (list) => unique(list).length < list.length;

// Within one list, or by two entries.
function hasDuplicateGrant(token) {
  return (
    token.permissions.some(({ resource_names, actions }) => hasRepeats(resource_names) || hasRepeats(actions)) ||
    hasRepeats(grantedActions(token).map(([key, action]) => `${key}:${action}`))
  );
}

// Entries for an exact name hide those for *: is an action lost by that? On `_internal` there is none to lose (ACC-06).
function hasShadowedGrant(token) {
  const grants = grantsOf(token);
  // ACC-04: `create` on a named database means nothing, so that none is lost there.
  const onAll = [...(grants.get(`db:${WILDCARD}`) ?? [])].filter((action) => action !== 'create');
  return namedDatabases(token)
    .filter((name) => name !== INTERNAL_DATABASE)
    .some((name) => onAll.some((action) => !grants.get(`db:${name}`).has(action)));
}

function hasIneffectiveGrant(token, { declared }) {
  return (
    namedDatabases(token).includes(INTERNAL_DATABASE) ||
    token.permissions.some((permission) => createsInVain(permission, declared))
  );
}

// ACC-04: `create` on a named database, which exists already or never resolves.
function createsInVain({ resource_names, actions }, declared) {
  if (!actions.includes('create') || resource_names.includes(WILDCARD)) return false;
  return actions.every((action) => action === 'create') || resource_names.some((name) => !declared.has(name));
}

// DB-05, without the server's databases: only where the file declares any.
function namesUndeclaredDatabase(token, { declared }) {
  const isMissing = (name) => name !== INTERNAL_DATABASE && !declared.has(name);
  return declared.size > 0 && namedDatabases(token).some(isMissing);
}
