// The grammar of permissions (PERM) and of database names (DB), and the faults that a document can have.

/** Outermost first: of several faults the outermost layer is reported. */
const LAYERS = ['json', 'schema', 'grammar', 'semantic'];

const LAYER_OF = new Map(
  Object.entries({
    json: ['json-syntax', 'json-encoding'],
    schema: ['not-an-object', 'missing-member', 'wrong-type', 'expiry-out-of-range'],
    grammar: [
      'permission-shape',
      'permission-resource-type',
      'permission-admin-only',
      'permission-empty-element',
      'permission-mixed-wildcard',
      'permission-system-name',
      'permission-action',
      'database-name',
    ],
    semantic: ['token-prefix', 'duplicate-token', 'empty-name', 'duplicate-name', 'missing-database', 'wrong-kind'],
  }).flatMap(([layer, codes]) => codes.map((code) => [code, layer])),
);

/** Why something is refused. Messages never hold a token string (GEN-07). */
export class Fault extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
    this.layer = LAYER_OF.get(code);
  }
}

/** Of faults in the order of the text: the first of the outermost layer. */
export function outermost(faults) {
  const rank = (fault) => LAYERS.indexOf(fault.layer);
  return faults.reduce((found, fault) => (rank(fault) < rank(found) ? fault : found));
}

/** A text as messages quote it: escaped, and short, for an answer has to fit in a line of limited length. */
export const quoted = (text) => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);

export const unique = (list) => [...new Set(list)];

export const WILDCARD = '*';

/** Exists on every server, and only admin tokens may use it (DB-04). */
export const INTERNAL_DATABASE = '_internal';

export const SYSTEM_NAMES = ['health', 'metrics', 'ping', 'ready']; // PERM-06

const DATABASE_ACTIONS = ['create', 'describe', 'read', 'write', 'delete']; // PERM-07, in the order of PERM-11
const SYSTEM_ACTIONS = ['read']; // PERM-08

const DATABASE_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]*(?:\/[A-Za-z0-9_-]+)?$/; // no m flag: `$` is the very end
const MAX_DATABASE_NAME_BYTES = 511;

// DB-01. What the pattern lets through is ASCII, so that here the length in UTF-16 units is the length in bytes.
const isDatabaseName = (name) => DATABASE_NAME.test(name) && name.length <= MAX_DATABASE_NAME_BYTES;

export function checkDatabaseName(name) {
  if (!isDatabaseName(name)) throw new Fault('database-name', `${quoted(name)} is not a database name`);
}

function checkGrantedDatabase(name) {
  if (name !== INTERNAL_DATABASE) checkDatabaseName(name); // PERM-05
}

function checkSystemName(name) {
  // PERM-06: neither trimmed nor lower-cased, as the reference does it.
  if (!SYSTEM_NAMES.includes(name)) {
    throw new Fault('permission-system-name', `${quoted(name)} is none of ${SYSTEM_NAMES.join(', ')}`);
  }
}

// A Map, for in an object `constructor` and `__proto__` would be known types.
const RESOURCE_TYPES = new Map([
  ['db', { checkName: checkGrantedDatabase, actions: DATABASE_ACTIONS }],
  ['system', { checkName: checkSystemName, actions: SYSTEM_ACTIONS }],
]);

/** Reads a permission. The lists are as written, repeats included; see `canonical`. */
export function parsePermission(text) {
  try {
    return parse(text);
  } catch (fault) {
    fault.message = `permission ${quoted(text)}: ${fault.message}${hint(text)}`;
    throw fault;
  }
}

// The order of the checks is the order in which faults are named: shape, type, names, actions.
function parse(text) {
  const parts = text.split(':');
  if (parts.length !== 3) throw new Fault('permission-shape', 'not three parts around two colons'); // PERM-01
  const [resourceType, names, actions] = parts;
  const type = RESOURCE_TYPES.get(resourceType);
  if (type === undefined) throw resourceTypeFault(resourceType);
  return {
    resource_type: resourceType,
    resource_names: parseNames(names, type.checkName),
    actions: parseActions(actions, type.actions),
  };
}

// PERM-02
function resourceTypeFault(resourceType) {
  return resourceType === WILDCARD
    ? new Fault('permission-admin-only', 'the resource type * is for admin tokens')
    : new Fault('permission-resource-type', `the resource type ${quoted(resourceType)} is neither db nor system`);
}

function parseNames(list, checkName) {
  const names = list.split(',');
  for (const name of names) {
    if (name === '') throw new Fault('permission-empty-element', 'an empty resource name'); // PERM-04
    if (name !== WILDCARD) checkName(name);
    else if (names.length > 1) throw new Fault('permission-mixed-wildcard', '* does not stand alone'); // PERM-03
  }
  return names;
}

function parseActions(list, known) {
  const actions = list.split(',');
  for (const action of actions) {
    if (action === '') throw new Fault('permission-empty-element', 'an empty action'); // PERM-04
    if (!known.includes(action)) {
      throw new Fault('permission-action', `${quoted(action)} is none of ${known.join(', ')}`);
    }
  }
  return actions;
}

// PERM-10: white space, quotes and full-width punctuation are refused, but the text without them may be what was meant.
function hint(text) {
  const corrected = text.normalize('NFKC').replace(/[\s"'`“”‘’]/g, '');
  try {
    parse(corrected);
    return `; did you mean ${quoted(corrected)}?`;
  } catch {
    return '';
  }
}

/** The same grant in canonical form: names in given order, actions in the order of PERM-11, no repeats. */
export function canonical({ resource_type, resource_names, actions }) {
  return {
    resource_type,
    resource_names: unique(resource_names),
    actions: DATABASE_ACTIONS.filter((action) => actions.includes(action)),
  };
}
