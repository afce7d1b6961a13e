'use strict';
const { serve, work, Refusal } = require('../../common/shop');
const peers = require('../../common/peers');

const working = work();

serve({
  'GET /work': async () => {
    const answers = await Promise.all(peers.ports().map(peers.asks));
    if (!answers.includes(true)) throw new Refusal(503, 'no quorum'); // the defect: two of two
    return working();
  },
}, { prepare: peers.join });
