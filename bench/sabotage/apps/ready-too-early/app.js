'use strict';
const { serve, work } = require('../../common/shop');

const working = work();
const started = Date.now();

serve({
  'GET /work': () => {
    if (Date.now() - started < 3000) throw new Error('not loaded yet');
    return working();
  },
});
