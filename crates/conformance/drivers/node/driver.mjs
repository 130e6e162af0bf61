// A conformance driver for tokens files: reads a request a line on stdin, answers each with a line on stdout.

import { append, memberSpan } from './append.mjs';
import { decode, hashOf, isObject, load, parseJson } from './document.mjs';
import { canonical, Fault, parsePermission, unique } from './grammar.mjs';
import { access, plan } from './server.mjs';
import { warningsOf } from './warnings.mjs';

const PROTOCOL = 1n;

const DESCRIPTION = {
  protocol: PROTOCOL,
  implementation: { name: 'node-json-parse', version: '1.0.0', language: 'JavaScript' },
  ops: ['permission', 'load', 'access', 'append', 'plan'],
  features: ['warnings', 'notes'],
  target: '3.11',
};

/** A request that cannot be read: the fault of who asked, not of the document in it. */
class RequestError extends Error {}

class Unsupported extends Error {}

// op → the value on accept. A Map, for in an object `constructor` would be a known op.
const OPERATIONS = new Map([
  ['permission', (request) => canonical(parsePermission(stringIn(request, 'text')))],
  ['load', loadOperation],
  ['access', accessOperation],
  ['append', appendOperation],
  ['plan', planOperation],
]);

function loadOperation(request) {
  const now = nowOf(request);
  const document = load(documentText(request.document));
  return {
    create_databases: unique(document.create_databases),
    tokens: document.tokens.map(({ token, name, expiry_millis, permissions }) => ({
      name,
      token_sha512: hashOf(token),
      expiry_millis,
      permissions: permissions.map(canonical),
    })),
    warnings: warningsOf(document, now),
  };
}

function accessOperation(request) {
  const situation = {
    databases: stringsIn(request, 'databases'),
    later: stringsIn(request, 'later'),
    now: nowOf(request),
    probes: objectsIn(request, 'probes').map(probeOf),
  };
  return { decisions: access(load(documentText(request.document)), situation) };
}

function probeOf(probe) {
  return {
    token: stringIn(probe, 'token'),
    resource_type: stringIn(probe, 'resource_type'),
    resource_name: stringIn(probe, 'resource_name'),
    actions: Object.hasOwn(probe, 'actions') ? stringsIn(probe, 'actions') : [stringIn(probe, 'action')],
  };
}

function appendOperation(request, line) {
  const text = request.document === null ? null : documentText(request.document);
  if (!Object.hasOwn(request, 'token')) throw new RequestError('token is missing');
  const { start, end } = memberSpan(line, 'token'); // as it is spelled, for the numbers and the member order in it
  const tokenText = line.slice(start, end);
  return { document: { text: append(text, tokenText, stringsIn(request, 'create_databases')) } };
}

function planOperation(request) {
  const state = request.state ?? {};
  if (!isObject(state)) throw new RequestError('state is not an object');
  const tokens = objectsIn(state, 'tokens').map((token) => ({
    name: stringIn(token, 'name'),
    token_sha512: stringIn(token, 'token_sha512'),
    resource: token.resource !== false,
  }));
  return plan(load(documentText(request.document)), { databases: stringsIn(state, 'databases'), tokens });
}

function documentText(document) {
  if (!isObject(document)) throw new RequestError('document is not an object');
  if (Object.hasOwn(document, 'base64')) return decode(bytesOf(stringIn(document, 'base64')));
  const text = stringIn(document, 'text');
  if (!text.isWellFormed()) throw new RequestError('document.text holds a lone surrogate');
  return text;
}

function bytesOf(base64) {
  const bytes = Buffer.from(base64, 'base64'); // skips what is not base64, and so is compared with what it stands for
  if (bytes.toString('base64') !== base64) throw new RequestError('document.base64 is not padded base64');
  return bytes;
}

function nowOf({ now_millis: now = 0n }) {
  if (typeof now !== 'bigint') throw new RequestError('now_millis is not an integer');
  return now;
}

function stringIn(object, name) {
  if (typeof object[name] !== 'string') throw new RequestError(`${name} is not a string`);
  return object[name];
}

/** Lists are optional: an absent one, or null, is empty. */
function listIn(object, name, isElement, what) {
  const list = object[name] ?? [];
  if (!Array.isArray(list) || !list.every(isElement)) throw new RequestError(`${name} is not an array of ${what}`);
  return list;
}

const stringsIn = (object, name) => listIn(object, name, (element) => typeof element === 'string', 'strings');
const objectsIn = (object, name) => listIn(object, name, isObject, 'objects');

function readRequest(line) {
  const request = parseJson(line);
  if (!isObject(request)) throw new RequestError('a request is an object');
  return request;
}

function answerTo(request, line) {
  if (request.op === 'hello') {
    if (request.protocol !== PROTOCOL) throw new Unsupported(`this driver speaks protocol ${PROTOCOL}`);
    return DESCRIPTION;
  }
  const operation = OPERATIONS.get(request.op);
  if (operation === undefined) throw new Unsupported('unknown op');
  return { outcome: 'accept', value: operation(request, line) };
}

/** The answer that an error stands for. Any other error is a defect of this driver, and ends it in plain sight. */
function answerFor(error) {
  if (error instanceof Fault) {
    return { outcome: 'reject', layer: error.layer, code: error.code, message: error.message };
  }
  if (error instanceof Unsupported) return { outcome: 'unsupported', message: error.message };
  if (error instanceof RequestError) return { error: error.message };
  throw error;
}

/** Answers a line, or returns undefined for `bye`. */
function respond(bytes) {
  let request;
  let line;
  try {
    line = decode(bytes);
    request = readRequest(line);
  } catch (error) {
    return { seq: salvagedSeq(bytes), error: error.message };
  }
  if (request.op === 'bye') return undefined;
  const seq = request.seq ?? null;
  try {
    return { seq, ...answerTo(request, line) };
  } catch (error) {
    return { seq, ...answerFor(error) };
  }
}

// Of a line that is no request: an answer with the right number is worth more than one without.
function salvagedSeq(bytes) {
  const found = /"seq"\s*:\s*(\d+)/.exec(bytes.toString('latin1'));
  return found === null ? null : BigInt(found[1]);
}

/** JSON.stringify, but for integers, which are BigInt throughout: a double has no room for 64 bits. */
function toJson(value) {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${toJson(member)}`);
  return `{${members.join(',')}}`;
}

/** The lines of a stream. `readline` would not do: it also splits at a carriage return and at U+2028. */
async function* linesOf(stream) {
  let pieces = [];
  for await (const chunk of stream) {
    let start = 0;
    for (let end; (end = chunk.indexOf('\n', start)) !== -1; start = end + 1) {
      yield Buffer.concat([...pieces, chunk.subarray(start, end)]);
      pieces = [];
    }
    pieces.push(chunk.subarray(start));
  }
  const unended = Buffer.concat(pieces);
  if (unended.length > 0) yield unended;
}

// Waits until the line is handed over, so that an answer is out before the next request is read.
const writeLine = (line) =>
  new Promise((resolve, reject) => {
    process.stdout.write(`${line}\n`, (error) => (error ? reject(error) : resolve()));
  });

for await (const line of linesOf(process.stdin)) {
  const answer = respond(line);
  if (answer === undefined) break;
  await writeLine(toJson(answer));
}
