-- Puts one back into a bucket. KEYS[1] holds when it will be full, ARGV[1] is how long one takes, both in microseconds.
local full_at = tonumber(redis.call('GET', KEYS[1]) or '')
if full_at then
    local earlier = math.max(full_at - tonumber(ARGV[1]), 0)
    redis.call('SET', KEYS[1], string.format('%.0f', earlier), 'KEEPTTL')
end
