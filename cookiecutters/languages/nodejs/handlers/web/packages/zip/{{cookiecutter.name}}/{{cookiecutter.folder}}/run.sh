#!/bin/sh
# On Lambda, the Lambda Web Adapter starts this.
exec node app.js
