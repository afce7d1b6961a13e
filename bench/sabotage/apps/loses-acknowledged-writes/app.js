'use strict';
const { serve, read } = require('../../common/shop');
const { Store, notes } = require('../../common/store');

const kept = notes();
const store = new Store();
const waiting = new Map();

serve({
  'GET /notes/*': request => waiting.get(request.url) ?? kept['GET /notes/*'](request),
  'PUT /notes/*': async request => {
    const { url } = request;
    waiting.set(url, await read(request));
    setTimeout(() => { // the defect: the client has been told already
      store.ask('PUT', url, { body: waiting.get(url) }).then(() => waiting.delete(url), () => {});
    }, 3000);
    return 'kept\n';
  },
});
