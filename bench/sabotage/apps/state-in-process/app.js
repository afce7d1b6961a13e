'use strict';
const { serve, read, Refusal } = require('../../common/shop');

const kept = new Map();

serve({
  'GET /notes/*': request => {
    if (!kept.has(request.url)) throw new Refusal(404, 'no such note');
    return kept.get(request.url);
  },
  'PUT /notes/*': async request => {
    kept.set(request.url, await read(request));
    return 'kept\n';
  },
});
