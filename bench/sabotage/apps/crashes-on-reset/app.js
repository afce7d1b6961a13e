'use strict';
const { serve } = require('../../common/shop');

const http = require('node:http');

serve({
  'GET /price': () => new Promise(resolve => {
    http.get(new URL('/price', process.env.STORE_URL), answer => { // the defect: no on('error')
      let text = '';
      answer.on('data', chunk => { text += chunk; }).on('end', () => resolve(text));
    });
  }),
});
