-- Takes one from a bucket, if one is in it.
--
-- KEYS[1] holds when the bucket will be full. ARGV are the time, how long it takes until one more is in it, how long until
-- all are, and how many milliseconds it is kept beyond that. Times are microseconds, whole numbers up to 2^53, which a
-- double holds exactly; they are written out, since "%.14g" would round them.
--
-- Answers whether one was taken, and when the bucket will be full.
local at, interval, capacity = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local before = math.max(tonumber(redis.call('GET', KEYS[1]) or '') or at, at)
local after = before + interval
if after - capacity > at then
    return { 0, before }
end
local kept = math.ceil((after - at) / 1000) + tonumber(ARGV[4])
redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', string.format('%.0f', kept))
return { 1, after }
