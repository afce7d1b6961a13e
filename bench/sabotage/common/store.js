'use strict';
// The client of the dependency that the Node apps use, as a healthy app has it: every call has an end, so many at once, one more attempt for
// what may be repeated and only from a budget, and an error is an error of that call alone.
const http = require('node:http');
const { Refusal } = require('./shop');

class Store {
  constructor({ url = process.env.STORE_URL, timeout = 300, places = 64, retries = true } = {}) {
    Object.assign(this, { url, timeout, places, retries, busy: 0, budget: 10 });
    this.kept = new http.Agent({ keepAlive: true, timeout: 4000 });
    this.fresh = new http.Agent({ keepAlive: false });
  }

  /** The answer's text, undefined for 404; throws a Refusal (503) for everything else. `request` is the client's: its id goes along. */
  async ask(method, path, { body, request } = {}) {
    if (this.busy >= this.places) throw new Refusal(503, 'too many calls to the store');
    this.busy++;
    this.budget = Math.min(10, this.budget + 0.1);
    try {
      return await this.attempt(method, path, body, request).catch(error => {
        if (!this.repeats(method) || error.slow || this.budget < 1) throw error;
        this.budget--;
        return this.attempt(method, path, body, request);
      });
    } finally {
      this.busy--;
    }
  }

  repeats(method) {
    return this.retries && method === 'GET';
  }

  attempt(method, path, body, request) {
    return new Promise((resolve, reject) => {
      const fail = (why, slow = false) => reject(Object.assign(new Refusal(503, `the store: ${why}`), { slow }));
      const call = http.request(new URL(path, this.url), {
        method,
        agent: this.repeats(method) ? this.kept : this.fresh, // a kept connection may close at any moment
        headers: { ...(body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }), ...(request?.headers['x-request-id'] ? { 'X-Request-Id': request.headers['x-request-id'] } : {}) },
      });
      const end = setTimeout(() => { fail('no answer in time', true); call.destroy(); }, this.timeout);
      call.on('close', () => clearTimeout(end));
      call.on('error', error => fail(error.code ?? error.message));
      call.on('response', response => {
        let text = '';
        response.setEncoding('utf8').on('data', chunk => { text += chunk; }).on('error', error => fail(error.code ?? error.message));
        response.on('end', () => {
          if (response.statusCode === 404) resolve(undefined);
          else if (response.statusCode >= 400) fail(`status ${response.statusCode}`);
          else resolve(text);
        });
      });
      call.end(body);
    });
  }
}

/** Notes, kept in the store: what one replica has acknowledged, any other can read. */
function notes(store = new Store()) {
  const { read } = require('./shop');
  return {
    'GET /notes/*': async request => {
      const text = await store.ask('GET', request.url, { request });
      if (text === undefined) throw new Refusal(404, 'no such note');
      return text;
    },
    'PUT /notes/*': async request => {
      await store.ask('PUT', request.url, { body: await read(request), request });
      return 'kept\n';
    },
  };
}

/** Orders are counted by the store, each once: never repeated. */
function orders(store = new Store()) {
  return { 'POST /orders': async request => { request.resume(); await store.ask('POST', '/count', { body: '', request }); return 'ordered\n'; } };
}

module.exports = { Store, notes, orders };
