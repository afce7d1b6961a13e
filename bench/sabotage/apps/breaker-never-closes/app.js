'use strict';
const { serve, Refusal } = require('../../common/shop');
const { Store } = require('../../common/store');

const store = new Store();

let broken = false;

serve({
  'GET /price': async request => {
    if (broken) throw new Refusal(503, 'the store was not there'); // the defect: for ever
    return store.ask('GET', '/price', { request }).catch(error => { broken = true; throw error; });
  },
});
