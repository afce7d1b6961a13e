'use strict';
// Loaded before the application into each Node.js process of a replica while `mainstay prove` looks for what blocks its event loop.
//
// The main thread stamps a shared word with the time, again and again. A worker thread watches the stamp: when it grows old, the event loop stands
// still, and the worker asks the inspector to pause the main thread, reads its stack and lets it go on. What it sees it appends to a file beside this
// one, a line of JSON each: `begins`, `watches` (every second), `block` (a stretch without a beat), `trouble`. Times are microseconds of the
// machine's monotonic clock.
//
// It must never hurt the application: whatever fails here is written down and otherwise ignored, and the file stays small.

function begin() {
  const { Worker, isMainThread } = require('worker_threads');
  if (!isMainThread) return; // The application's own workers, and ours.
  const file = require('path').join(__dirname, `${process.env.MAINSTAY_REPLICA || 'unknown'}.${process.pid}.jsonl`);
  const fs = require('fs');
  const trouble = error => {
    try {
      fs.appendFileSync(file, `${JSON.stringify({ kind: 'trouble', text: String((error && error.message) || error) })}\n`);
    } catch { /* The folder is gone, or full: there is nobody to tell. */ }
  };
  try {
    const beat = 25;
    const limit = Number(process.env.MAINSTAY_WATCH_MS) || 50;
    const stamp = new BigInt64Array(new SharedArrayBuffer(8));
    const now = process.hrtime.bigint;
    const strike = () => { Atomics.store(stamp, 0, now()); };
    strike();
    const worker = new Worker(`(${watch})()`, { eval: true, execArgv: [], workerData: { stamp, file, beat, pid: process.pid, limit } });
    worker.on('error', trouble);
    worker.unref();
    setInterval(strike, beat).unref();
  } catch (error) {
    trouble(error);
  }
}

function watch() {
  const { workerData: { stamp, file, beat, pid, limit } } = require('worker_threads');
  const { Session } = require('inspector');
  const fs = require('fs');
  const mostLines = 4000, mostStacks = 60, mostFrames = 40;
  const between = 250_000; // between two stacks, so that an application that is always blocked is not asked all the time

  const now = () => Number(process.hrtime.bigint() / 1000n);
  const beaten = () => Number(Atomics.load(stamp, 0) / 1000n);
  const micros = milliseconds => milliseconds * 1000;
  let lines = 0;
  const write = line => {
    if (lines++ < mostLines) fs.appendFileSync(file, `${JSON.stringify(line)}\n`);
  };

  // What the main thread got of the processors, and how long it was ready and got none; microseconds. Without /proc nothing is known.
  const account = () => {
    try {
      const [ran, waited] = fs.readFileSync(`/proc/self/task/${pid}/schedstat`, 'latin1').split(' ');
      return { ran: Number(ran) / 1000, waited: Number(waited) / 1000 };
    } catch {
      return { ran: 0, waited: 0 };
    }
  };

  // One stack of the main thread. It pauses at the next step of JavaScript, so inside a long native call at the moment it returns; who asked then
  // is still on the stack. `stale`: the beat has come meanwhile, so it is the stack of something else.
  let asking = null, asked = 0, askedAt = -Infinity;
  const release = () => {
    const session = asking;
    asking = null;
    try {
      session.post('Debugger.disable');
      session.disconnect();
    } catch { /* The main thread has ended. */ }
  };
  const ask = (beat, done) => {
    asked++;
    askedAt = now();
    const session = new Session();
    session.connectToMainThread();
    asking = session;
    const urls = new Map();
    session.on('Debugger.scriptParsed', ({ params }) => { urls.set(params.scriptId, params.url); });
    session.on('Debugger.paused', ({ params }) => {
      try {
        session.post('Debugger.resume');
        if (asking !== session) return;
        if (beaten() === beat) {
          done(params.callFrames.slice(0, mostFrames).map(({ functionName, location }) =>
            ({ function: functionName, url: urls.get(location.scriptId) || '', line: location.lineNumber + 1 })));
        }
      } finally {
        if (asking === session) release();
      }
    });
    session.post('Debugger.enable');
    session.post('Debugger.pause');
  };

  // `struck` is the beat that was seen last, `since` the moment from which on none was, `before` the account when the next one was overdue.
  let struck = beaten(), since = struck, looked = now(), before = null, beats = 0, told = looked, block = null;
  const tell = until => {
    const after = account();
    write({
      kind: 'block', at: block.since, seconds: Math.max(0, until - block.since) / 1e6, ran: (after.ran - before.ran) / 1e6,
      waited: (after.waited - before.waited) / 1e6, stack: block.stack,
    });
  };
  const look = () => {
    const at = now(), last = beaten(), overdue = at - since - micros(beat);
    if (last !== struck) {
      beats++;
      if (block !== null) tell(last - micros(beat)); // It may have ended so much before its next beat.
      if (asking !== null) release();
      block = before = null;
      struck = since = last;
    } else if (block === null && at - looked > micros(limit)) {
      since = at; // The watch itself stood still, with all of the process or the machine: nothing can be said about that stretch.
      before = null;
    } else if (before === null && overdue > 0) {
      before = account();
    } else if (block === null && overdue > micros(limit) && overdue - (account().waited - before.waited) > micros(limit)) {
      const mine = block = { since, stack: null };
      if (asked < mostStacks && at - askedAt > between && asking === null) ask(struck, stack => { mine.stack = stack; });
    }
    looked = at;
    if (at - told >= 1_000_000) {
      told = at;
      write({ kind: 'watches', at, beats });
      if (block !== null) tell(at); // It may never end.
    }
  };
  write({ kind: 'begins', at: looked, node: process.version, limit: limit / 1000 });
  setInterval(() => {
    try {
      look();
    } catch (error) {
      try {
        write({ kind: 'trouble', text: String(error && error.message) });
      } catch { /* Nobody can be told. */ }
    }
  }, beat);
}

try {
  begin();
} catch { /* A Node.js too old to have what this needs: it is not watched. */ }
