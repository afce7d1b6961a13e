'use strict';
const { serve, work } = require('../../common/shop');

const working = work();

serve({
  'GET /work': () => {
    if (Math.random() < 0.02) throw new Error('bad luck');
    return working();
  },
});
