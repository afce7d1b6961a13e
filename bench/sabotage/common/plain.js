'use strict';
// The healthy app as it is; where only the manifest has a defect, this is the app.
const { serve, read, take, work } = require('./shop');

async function slowly(request) {
  await read(request);
  await take(400);
  return 'That took 400 ms.\n';
}

serve({ 'GET /work': work(), 'GET /slow': slowly, 'POST /slow': slowly });
