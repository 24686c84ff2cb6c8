#!/bin/sh
# The page of `web`, run by httpd for each request.
printf 'Content-Type: text/plain\r\n\r\n'
echo "$GREETING from $NODE"
echo "clock: $(nc -w 2 clock 9000 </dev/null || echo 'no answer')"
