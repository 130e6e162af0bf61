// Appending to a tokens file (FILE) as an edit of its text. Writing out what JSON.parse has read would put member names
// like "7" first, round 1.10 and 2^60 and drop repeated members; an edit keeps what it does not touch (FILE-02).

import { unique } from './grammar.mjs';
import { load } from './document.mjs';

const NEW_FILE = '{\n  "tokens": []\n}\n';

/** The new text. `text` is null for a new file; `tokenText` is the JSON text of the token object. */
export function append(text, tokenText, databases) {
  const old = text === null || text === '' ? NEW_FILE : text; // FILE-03: an empty file is treated as absent
  const known = new Set(load(old).create_databases);
  const missing = unique(databases).filter((name) => !known.has(name)); // FILE-01
  const withToken = appendElements(old, 'tokens', [tokenText]);
  const appended = missing.length === 0 ? withToken : declareDatabases(withToken, missing);
  load(appended); // whatever is wrong now is wrong with what was added, a name or a token that is there already too
  return appended;
}

function declareDatabases(text, names) {
  return appendElements(
    withCreateDatabases(text),
    'create_databases',
    names.map((name) => JSON.stringify(name)),
  );
}

/** The text with an array at `create_databases`, where it was absent or null. */
function withCreateDatabases(text) {
  const span = memberSpan(text, 'create_databases');
  if (span === undefined) return text.replace('{', '{\n  "create_databases": [],');
  return text[span.start] === '[' ? text : replaceSpan(text, span, '[]');
}

/** Puts elements, given as JSON text, at the end of the array at a member of the top object. */
function appendElements(text, member, elements) {
  const span = memberSpan(text, member);
  const beforeBracket = text.slice(span.start, span.end - 1).trimEnd();
  const comma = beforeBracket === '[' ? '' : ',';
  const added = elements.map((element) => `\n    ${element}`).join(',');
  return replaceSpan(text, span, `${beforeBracket}${comma}${added}\n  ]`);
}

const replaceSpan = (text, { start, end }, replacement) => text.slice(0, start) + replacement + text.slice(end);

/**
 * Where the value of a member of the top object stands: of a repeated member the last one, which JSON.parse takes too.
 * The text must have been parsed before, so that there is no syntax to check here: only brackets to count.
 * Names are compared after unescaping.
 */
export function memberSpan(text, name) {
  let depth = 0;
  let from = 0; // the end of the latest mark in the top object
  let isMember = false;
  let span;
  for (const { mark, index } of structure(text)) {
    if (depth === 1) {
      if (mark === ':') isMember = JSON.parse(text.slice(from, index)) === name;
      else if (isMember && ',}'.includes(mark)) span = trimmedSpan(text, from, index);
      if (':,'.includes(mark)) from = index + 1;
    }
    if (depth === 0) from = index + 1;
    if ('{['.includes(mark)) depth += 1;
    else if ('}]'.includes(mark)) depth -= 1;
  }
  return span;
}

/** The structural characters of a JSON text: those that stand outside its strings. */
function* structure(text) {
  let inString = false;
  for (const { 0: mark, index } of text.matchAll(/\\.|["{}[\],:]/g)) {
    if (mark === '"') inString = !inString;
    else if (!inString) yield { mark, index };
  }
}

function trimmedSpan(text, from, to) {
  const value = text.slice(from, to);
  return { start: to - value.trimStart().length, end: from + value.trimEnd().length };
}
