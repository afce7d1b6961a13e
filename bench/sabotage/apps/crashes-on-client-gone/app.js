'use strict';
const { serve, take } = require('../../common/shop');

async function slowly(request, response) {
  response.on('close', () => { if (!response.writableFinished) throw new Error('the client has gone'); });
  await take(400);
  return 'That took 400 ms.\n';
}

serve({ 'GET /slow': slowly });
