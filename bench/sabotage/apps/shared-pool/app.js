'use strict';
const { serve, Pool } = require('../../common/shop');
const { Store } = require('../../common/store');

const store = new Store({ timeout: 3000 });
const places = new Pool(4);

serve({
  'GET /': () => places.run(() => 'Hello.\n'), // the defect: the same places
  'GET /price': request => places.run(() => store.ask('GET', '/price', { request }).catch(() => 'unknown\n')),
});
