'use strict';
const { serve, Pool } = require('../../common/shop');
const { Store } = require('../../common/store');

const store = new Store({ timeout: 1e9, places: 1e9 });
const places = new Pool(8);

serve({
  'GET /': () => places.run(() => 'Hello.\n'),
  'GET /price': request => places.run(() => store.ask('GET', '/price', { request }).catch(() => 'unknown\n')),
});
