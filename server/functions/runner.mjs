// The side of taskd's functions that runs in Node.js: loads a module and calls its exported functions. It is embedded
// into the server and fed to `node --input-type=module -`. Descriptor 3 carries JSON lines both ways; 4 ends when the
// server has ended. See docs/functions.md.
import { AsyncLocalStorage } from 'node:async_hooks';
import fs from 'node:fs';
import nodeModule from 'node:module';
import net from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { Worker } from 'node:worker_threads';

const MAX_VALUE_BYTES = 256 * 1024; // Of a result or a checkpoint, as text.
const MAX_DATA_BYTES = 64 * 1024; // Of a log line's data.
const MAX_LINE_CHARS = 16 * 1024;
const MAX_MESSAGE_CHARS = 8 * 1024;
const LEVELS = ['debug', 'info', 'warn', 'error'];

const channel = new net.Socket({ fd: 3, readable: true, writable: true });
const currentCall = new AsyncLocalStorage();
const calls = new Map();
const functions = new Map();
let maxOutput = 1024 * 1024;

/// Half a surrogate pair is no text in UTF-8: it is replaced. JSON.stringify writes only those as \ud….
const toJson = (value) =>
  JSON.stringify(value)?.replace(/\\\\|\\ud[89a-f][0-9a-f]{2}/g, (found) => (found === '\\\\' ? found : '\\ufffd'));
const send = (message) => channel.write(toJson(message) + '\n');

const cut = (text, most) => (text.length > most ? text.slice(0, most) + '…' : text);
const isError = (error) => error instanceof Error || Object.prototype.toString.call(error) === '[object Error]';
const traitsOf = (error) => (error !== null && typeof error === 'object' ? error : {});
const headline = (error) => cut(isError(error) ? String(error) : inspect(error), MAX_MESSAGE_CHARS);

function messageOf(error) {
  const { message } = traitsOf(error);
  const text = typeof message === 'string' && message !== '' ? message : headline(error);
  return cut(typeof error === 'string' ? error : text, MAX_MESSAGE_CHARS);
}

/// The first line of the stack that is neither Node.js's own nor this file's: "/srv/tasks.js:12".
function placeOf(error) {
  return /^ +at (?:.*\()?(?:file:\/\/)?(\/[^[\]\n]*:\d+):\d+\)?$/m.exec(String(traitsOf(error).stack))?.[1];
}

/// The lines of one stream of one call.
class Lines {
  #decoder = new StringDecoder('utf8');
  #rest = '';

  constructor(onLine) {
    this.onLine = onLine;
  }
  write(chunk, encoding) {
    const isText = typeof chunk === 'string' && (encoding ?? 'utf8') === 'utf8';
    this.#rest += isText ? chunk : this.#decoder.write(Buffer.from(chunk, encoding));
    const lines = this.#rest.split('\n');
    this.#rest = lines.pop();
    for (const line of lines) this.#emit(line);
    if (this.#rest.length > MAX_LINE_CHARS) this.end();
  }
  end() {
    if (this.#rest !== '') this.#emit(this.#rest);
    this.#rest = '';
  }
  #emit(line) {
    if (line === '') this.onLine(line);
    for (let at = 0; at < line.length; at += MAX_LINE_CHARS) this.onLine(line.slice(at, at + MAX_LINE_CHARS));
  }
}

/// One call in flight, and the context that its function gets.
class Call {
  over = false;
  #request;
  #controller = new AbortController();
  #dropped = 0;
  #room = maxOutput;

  constructor(request) {
    this.#request = request;
    this.stdout = new Lines((text) => this.#keep({ type: 'output', stream: 'stdout', text }));
    this.stderr = new Lines((text) => this.#keep({ type: 'output', stream: 'stderr', text }));
  }

  get id() {
    return this.#request.id;
  }

  context() {
    const request = this.#request;
    return Object.freeze({
      runId: request.runId,
      taskId: request.taskId,
      attempt: request.attempt,
      scheduledFor: request.scheduledFor === null ? null : new Date(request.scheduledFor),
      deadline: new Date(request.deadline),
      dependencies: request.dependencies,
      checkpoint: request.checkpoint,
      signal: this.#controller.signal,
      log: (level, text, data) => this.log(level, text, data),
      progress: (fraction) => this.#progress(fraction),
      setCheckpoint: (value) => this.#setCheckpoint(value),
    });
  }

  log(level, text, data) {
    const known = String(level).toLowerCase();
    if (!LEVELS.includes(known)) throw new RangeError('the level of a log line must be debug, info, warn or error');
    const json = toJson(data);
    const bytes = json === undefined ? 0 : Buffer.byteLength(json);
    const dropped = bytes > MAX_DATA_BYTES;
    const line = cut(String(text), MAX_LINE_CHARS) + (dropped ? ` (${bytes} bytes of data were dropped)` : '');
    this.#keep({ type: 'log', level: known, text: line, data: dropped ? undefined : json });
  }

  abort(timedOut) {
    const reason = timedOut ? ['the attempt timed out', 'TimeoutError'] : ['the attempt is to stop', 'AbortError'];
    currentCall.run(this, () => this.#controller.abort(new DOMException(...reason)));
  }

  /// The last word of the call.
  end(message) {
    this.stdout.end();
    this.stderr.end();
    if (this.#dropped > 0) {
      this.#tell({ type: 'log', level: 'warn', text: `log truncated: ${this.#dropped} bytes were dropped` });
    }
    this.#tell(message);
    this.over = true;
    calls.delete(this.#request.id);
  }

  #tell(message) {
    if (!this.over) send({ ...message, id: this.#request.id });
  }
  /// A line of the run's log, as long as there is room for it.
  #keep(message) {
    const bytes = Buffer.byteLength(message.text) + (message.data?.length ?? 0) + 1;
    if (bytes > this.#room) {
      this.#room = 0;
      this.#dropped += bytes;
    } else {
      this.#room -= bytes;
      this.#tell(message);
    }
  }
  #progress(fraction) {
    if (!Number.isFinite(fraction)) throw new TypeError('progress is a number from 0 to 1');
    if (channel.writableLength > MAX_DATA_BYTES) return; // The next one will say it.
    this.#tell({ type: 'progress', fraction: Math.min(1, Math.max(0, fraction)) });
  }
  #setCheckpoint(value) {
    const json = toJson(value) ?? 'null';
    if (Buffer.byteLength(json) > MAX_VALUE_BYTES) throw new RangeError('a checkpoint must be at most 256 KiB as text');
    this.#tell({ type: 'checkpoint', value: json });
  }
}

function failed(call, error) {
  const { fatal, retryable, snooze } = traitsOf(error);
  if (Number.isFinite(snooze) && snooze >= 0) return { type: 'snoozed', delay: Math.floor(snooze) };
  call.log('error', headline(error), isError(error) ? { stack: cut(inspect(error), 2 * MAX_LINE_CHARS) } : undefined);
  const final = fatal === true || retryable === false;
  return { type: 'failed', code: final ? 'fatal' : 'exception', message: messageOf(error), final };
}

function completed(value) {
  const refuse = (code, message) => ({ type: 'failed', code, message, final: true });
  let json;
  try {
    json = toJson(value) ?? 'null';
  } catch (error) {
    return refuse('bad_result', 'the result cannot be written as JSON: ' + messageOf(error).split('\n', 1)[0]);
  }
  if (Buffer.byteLength(json) <= MAX_VALUE_BYTES) return { type: 'completed', result: json };
  return refuse('result_too_large', 'the result is larger than 256 KiB; keep it elsewhere and return a reference');
}

async function run(request) {
  const call = new Call(request);
  calls.set(request.id, call);
  const end = await currentCall.run(call, async () => {
    try {
      const wanted = functions.get(request.function);
      if (!wanted) throw new Error(`the module exports no function '${request.function}' any more`);
      return completed(await wanted(request.params, call.context()));
    } catch (error) {
      return failed(call, error);
    }
  });
  call.end(end);
}

/// What a call prints goes to its run's log, all else to the server's.
function divertOutput(name) {
  const stream = process[name];
  const write = stream.write.bind(stream);
  stream.write = (chunk, encoding, done) => {
    const call = currentCall.getStore();
    if (!call || call.over) return write(chunk, encoding, done);
    const written = typeof encoding === 'function' ? encoding : done;
    call[name].write(chunk, typeof encoding === 'string' ? encoding : undefined);
    if (typeof written === 'function') queueMicrotask(() => written());
    return true;
  };
}

/// Older versions take a .js file for CommonJS unless a package.json says otherwise. This hook of the loader looks at
/// the text instead: what cannot be compiled as the body of a function, and uses what only modules have, is one.
async function load(url, context, next) {
  const unsure = context.format === 'commonjs' && url.startsWith('file:') && new URL(url).pathname.endsWith('.js');
  if (!unsure) return next(url, context);
  const { readFile } = await import('node:fs/promises');
  const { compileFunction } = await import('node:vm');
  const source = await readFile(new URL(url), 'utf8');
  try {
    compileFunction(source, ['exports', 'require', 'module', '__filename', '__dirname']);
  } catch (error) {
    if (/\bexport\b|import statement|import\.meta|await is only valid/.test(error.message)) {
      return { format: 'module', source, shortCircuit: true };
    }
  }
  return next(url, context);
}

function tellsModulesByText() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 7) || (major === 20 && minor >= 19);
}

async function loadModule(file) {
  if (typeof nodeModule.register !== 'function') {
    throw new Error(`Node.js 18.19 or newer is needed; this is ${process.version}`);
  }
  if (!tellsModulesByText()) {
    nodeModule.register('data:text/javascript,' + encodeURIComponent(`export ${load}`));
  }
  const exported = await import(pathToFileURL(file));
  // What a CommonJS module exports is its default export, too, and functions of an object may lean on each other.
  const object = exported.default !== null && typeof exported.default === 'object' ? exported.default : {};
  for (const name of new Set([...Object.keys(exported), ...Object.keys(object)])) {
    const owner = name in exported && exported[name] !== object[name] ? exported : object;
    if (typeof owner[name] === 'function') functions.set(name, (...args) => owner[name](...args));
  }
}

async function answer(message) {
  if (message.type === 'call') return run(message);
  if (message.type === 'abort') return calls.get(message.id)?.abort(message.timedOut);
  maxOutput = message.maxOutput;
  try {
    await loadModule(message.file);
    send({ type: 'ready', functions: [...functions.keys()], version: process.version });
  } catch (error) {
    process.nextTick(() => {
      throw error; // Node.js tells on standard error where in the module it is.
    });
  }
}

/// Lets the process end with the server even while a function keeps the main thread busy.
function watchServer() {
  const code = `
    const { Socket } = require('node:net');
    const end = () => setTimeout(() => process.kill(-process.pid, 'SIGKILL'), 1000);
    new Socket({ fd: 4, readable: true, writable: false }).on('close', end).on('error', () => {}).resume();`;
  new Worker(code, { eval: true, execArgv: [], env: {} }).unref();
}

divertOutput('stdout');
divertOutput('stderr');
watchServer();
process.on('uncaughtExceptionMonitor', (error) => {
  if (channel.writableLength > 0) return; // A part of a line is still to be written.
  try {
    const call = currentCall.getStore()?.id ?? 0;
    fs.writeSync(3, toJson({ type: 'crash', call, why: headline(error).split('\n', 1)[0], place: placeOf(error) }) + '\n');
  } catch {
    // The exit code has to do.
  }
});

let received = '';
channel.setEncoding('utf8');
channel.on('data', (text) => {
  const lines = (received + text).split('\n');
  received = lines.pop();
  for (const line of lines) answer(JSON.parse(line));
});
/// The server is gone, and so is whoever would end what functions have started.
function endAll() {
  process.once('exit', () => process.kill(-process.pid, 'SIGKILL'));
  process.exit();
}
channel.on('end', endAll);
channel.on('error', endAll);
// A signal to the whole service is the server's affair: it lets calls finish, and then ends this process.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {});
