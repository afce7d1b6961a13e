'use strict';
const { serve, work } = require('../../common/shop');

serve({ 'GET /work': work() }).then(server => {
  server.on('request', request => {
    if (request.rawHeaders.some(text => /[^\x20-\x7e]/.test(text))) throw new Error('cannot read this'); // the defect: throws where nobody catches
  });
});
