'use strict';
const { serve, work } = require('../../common/shop');
const peers = require('../../common/peers');

const working = work();

serve({
  'GET /work': async () => {
    await Promise.all(peers.ports().map(peers.asks)); // the defect: waits without end
    return working();
  },
}, { prepare: peers.join });
