'use strict';
const { serve } = require('../../common/shop');
const { Store } = require('../../common/store');

const store = new Store({ timeout: 1e9 });

serve({
  'GET /price': async (request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/plain' }).flushHeaders(); // the defect
    response.end(await store.ask('GET', '/price', { request }).catch(() => 'unknown\n'));
  },
});
