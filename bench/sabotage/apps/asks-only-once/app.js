'use strict';
const { serve } = require('../../common/shop');
const { Store } = require('../../common/store');

const store = new Store();

let price;

serve({ 'GET /price': () => price }, {
  prepare: async () => { price = await store.ask('GET', '/price').catch(() => undefined); },
  ready: () => price !== undefined,
});
