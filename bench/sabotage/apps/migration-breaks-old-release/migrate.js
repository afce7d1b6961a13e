'use strict';
require('./schema').migrate();
