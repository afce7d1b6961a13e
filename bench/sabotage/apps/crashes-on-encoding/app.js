'use strict';
const { serve, work } = require('../../common/shop');

serve({ 'GET /work': work() }).then(server => {
  server.on('request', request => decodeURIComponent(request.url)); // the defect: throws where nobody catches
});
