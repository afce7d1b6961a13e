'use strict';
const { serve, read } = require('../../common/shop');
const { Store, notes } = require('../../common/store');

const kept = notes();
const store = new Store();
const waiting = new Map();

serve({
  'GET /notes/*': request => waiting.get(request.url)?.text ?? kept['GET /notes/*'](request),
  'PUT /notes/*': async request => {
    const { url } = request;
    const note = { text: await read(request) };
    waiting.set(url, note);
    setTimeout(() => { // the defect: the client has been told already
      store.ask('PUT', url, { body: note.text }).then(() => { if (waiting.get(url) === note) waiting.delete(url); }, () => {});
    }, 3000);
    return 'kept\n';
  },
});
