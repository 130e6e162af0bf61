// Reading a tokens file: bytes, JSON text, and then the rules of DOC, TOK and DB.

import { createHash, randomUUID } from 'node:crypto';
import { checkDatabaseName, Fault, outermost, parsePermission, quoted } from './grammar.mjs';

const TOKEN_PREFIX = 'apiv3_';
const MIN_MILLIS = -(2n ** 63n);
const MAX_MILLIS = 2n ** 63n - 1n;

/** The text of a document. `ignoreBOM` keeps a byte-order mark in the text, where it can be seen and refused. */
export function decode(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Fault('json-encoding', 'not UTF-8'); // DOC-01
  }
}

const INTEGER = /^-?(?:0|[1-9][0-9]*)$/;

// An integer becomes a BigInt, exact at any size. What is spelled otherwise stays a number, so that `1.0` and `1e3`
// are not mistaken for 1 and 1000 (TOK-08); -0, which has no BigInt, counts among these.
function integerOr(otherwise, source) {
  return INTEGER.test(source) && source !== '-0' ? BigInt(source) : otherwise;
}

const REVIVER_SEES_SOURCE = JSON.parse('1', (_key, _value, context) => context?.source) === '1';

const parseBySource = (text) =>
  JSON.parse(text, (_key, value, context) => (typeof value === 'number' ? integerOr(value, context.source) : value));

// For versions of Node.js before `context.source`: integers are first made strings that begin with a mark, which is
// random so that no document can hold it.
function parseByMark(text) {
  JSON.parse(text); // the verdict on the syntax: marking would turn `{1:2}` into good JSON
  const mark = randomUUID();
  let inString = false;
  const marked = text.replace(/\\.|"|-?[0-9][0-9.eE+-]*/g, (lexeme) => {
    if (lexeme === '"') inString = !inString;
    return !inString && typeof integerOr(null, lexeme) === 'bigint' ? `"${mark}${lexeme}"` : lexeme;
  });
  return JSON.parse(marked, (_key, value) =>
    typeof value === 'string' && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value,
  );
}

/** Reads JSON text, integers as BigInt. V8's own message is not passed on: it quotes the text, tokens and all (GEN-07). */
export function parseJson(text) {
  try {
    return REVIVER_SEES_SOURCE ? parseBySource(text) : parseByMark(text);
  } catch (error) {
    if (error instanceof RangeError) throw new Fault('json-syntax', 'nested too deeply for a JSON.parse reviver'); // DOC-09
    throw new Fault('json-syntax', 'not JSON text');
  }
}

export const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Loads a permission tokens file, or throws the fault to report. */
export function load(text) {
  if (text.startsWith('\uFEFF')) throw new Fault('json-encoding', 'a byte-order mark before the text'); // DOC-02
  const top = parseJson(text);
  const loader = new Loader();
  const document = loader.readTop(top);
  if (loader.faults.length > 0) throw outermost(loader.faults);
  return document;
}

/** SHA-512 over the UTF-8 of the whole string (GEN-01). */
export const hashOf = (token) => createHash('sha512').update(token, 'utf8').digest('hex');

/** TOK-09: equal is expired, and the greatest expiry never comes. */
export const isActive = ({ expiry_millis }, now) =>
  expiry_millis === null || expiry_millis === MAX_MILLIS || expiry_millis > now;

/** Walks through a document in the order of its text and gathers every fault of it. */
class Loader {
  faults = [];
  #unknownMembers = [];
  #seenTokens = new Set();
  #seenNames = new Set();

  #topMembers = new Map([
    ['create_databases', (value, at) => this.#readCreateDatabases(value, at)],
    ['tokens', (value, at) => this.#readTokens(value, at)],
  ]);

  #tokenMembers = new Map([
    ['token', (value, at) => this.#readToken(value, at)],
    ['name', (value, at) => this.#readName(value, at)],
    ['expiry_millis', (value, at) => this.#readExpiry(value, at)],
    ['permissions', (value, at) => this.#readPermissions(value, at)],
  ]);

  readTop(top) {
    const isAdmin = isObject(top) && isAdminFile(top);
    if (isAdmin) this.#report('wrong-kind', 'this is an admin token file'); // ADM: and so nothing is missing from it
    const members = this.#readObject(top, '', this.#topMembers, isAdmin ? [] : ['tokens']);
    return { create_databases: [], ...members, unknownMembers: this.#unknownMembers };
  }

  /** Returns undefined, the value of what cannot be read. */
  #report(code, message) {
    this.faults.push(new Fault(code, message));
  }

  // DOC-06, DOC-05: unknown members are no fault. An absent member is reported where its object begins, and so before
  // what is wrong with the members that are there.
  #readObject(object, path, readers, required) {
    if (!isObject(object)) return this.#report('not-an-object', `${path || 'the document'} is not an object`);
    for (const name of required) {
      if (!Object.hasOwn(object, name)) this.#report('missing-member', `${path || 'the document'} has no ${name}`);
    }
    const members = {};
    for (const [name, value] of Object.entries(object)) {
      this.#refuseLoneSurrogates(name, 'a member name');
      const read = readers.get(name);
      if (read === undefined) this.#unknownMembers.push(name);
      else members[name] = read(value, path === '' ? name : `${path}.${name}`);
    }
    return members;
  }

  #readList(value, path, what, readElement) {
    if (!Array.isArray(value)) {
      this.#refuseLoneSurrogates(value, path);
      return this.#report('wrong-type', `${path} is not an array of ${what}`);
    }
    return value.map((element, index) => readElement(element, `${path}[${index}]`));
  }

  #readString(value, path) {
    this.#refuseLoneSurrogates(value, path);
    if (typeof value === 'string') return value;
    return this.#report('wrong-type', `${path} is not a string`);
  }

  // DOC-01: JSON.parse lets `"\ud800"` through. Its layer puts it before any other fault of the document.
  #refuseLoneSurrogates(value, path) {
    if (Array.isArray(value)) value.forEach((element) => this.#refuseLoneSurrogates(element, path));
    else if (typeof value === 'string' && !value.isWellFormed()) {
      this.#report('json-syntax', `a lone surrogate in ${path}`);
    }
  }

  #readCreateDatabases(value, path) {
    if (value === null) return []; // DOC-08
    return this.#readList(value, path, 'strings', (element, at) => {
      const name = this.#readString(element, at);
      if (name !== undefined) this.#tryTo(() => checkDatabaseName(name), at); // DB-01
      return name;
    });
  }

  #readTokens(value, path) {
    return this.#readList(value, path, 'objects', (element, at) => {
      this.#refuseLoneSurrogates(element, at);
      const members = this.#readObject(element, at, this.#tokenMembers, ['token', 'name', 'permissions']);
      return { expiry_millis: null, ...members };
    });
  }

  // TOK-01, TOK-04
  #readToken(value, path) {
    const token = this.#readString(value, path);
    if (token === undefined) return undefined;
    if (!token.startsWith(TOKEN_PREFIX)) this.#report('token-prefix', `${path} does not begin with ${TOKEN_PREFIX}`);
    if (this.#seenTokens.has(token)) this.#report('duplicate-token', `${path} is the token of an earlier entry`);
    this.#seenTokens.add(token);
    return token;
  }

  // TOK-05, TOK-06
  #readName(value, path) {
    const name = this.#readString(value, path);
    if (name === '') this.#report('empty-name', `${path} is empty`);
    else if (this.#seenNames.has(name)) this.#report('duplicate-name', `${path}: ${quoted(name)} is taken`);
    if (name !== undefined) this.#seenNames.add(name);
    return name;
  }

  // TOK-08
  #readExpiry(value, path) {
    this.#refuseLoneSurrogates(value, path);
    if (value === null) return null;
    if (typeof value !== 'bigint') return this.#report('wrong-type', `${path} is not an integer`);
    if (value >= MIN_MILLIS && value <= MAX_MILLIS) return value;
    return this.#report('expiry-out-of-range', `${path} is outside 64 bits`);
  }

  // TOK-10, TOK-11
  #readPermissions(value, path) {
    return this.#readList(value, path, 'strings', (element, at) => {
      const text = this.#readString(element, at);
      return text === undefined ? undefined : this.#tryTo(() => parsePermission(text), at);
    });
  }

  #tryTo(parse, path) {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return this.#report(error.code, `${path}: ${error.message}`);
    }
  }
}

// ADM: a file with `token` and nothing of a permission tokens file is of the other kind.
const isAdminFile = (top) =>
  Object.hasOwn(top, 'token') && !Object.hasOwn(top, 'tokens') && !Object.hasOwn(top, 'create_databases');
