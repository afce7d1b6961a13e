'use strict';
const { serve, take } = require('../../common/shop');
const { Store } = require('../../common/store');

const store = new Store();

serve({
  'GET /price': async request => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await store.ask('GET', '/price', { request });
      } catch (error) {
        if (attempt === 20) throw error;
        await take(500);
      }
    }
  },
});
