'use strict';
const { serve } = require('../../common/shop');

const { pbkdf2Sync } = require('node:crypto');

serve({ 'GET /report': () => pbkdf2Sync('report', 'salt', 1_000_000, 32, 'sha256').toString('hex') }); // the defect: not pbkdf2
