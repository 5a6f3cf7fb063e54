-- Takes one more in a window, if there are fewer than it may have.
--
-- KEYS[1] is the list of when each was taken, in the order in which they were. ARGV are the time, the length of the window, how
-- many it may have, and how many milliseconds the list is kept beyond the window. Times are microseconds, whole numbers
-- up to 2^53, which a double holds exactly.
--
-- Answers whether one was taken, how many there are now, and when the first and the last of them were.
local at, length, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local first = tonumber(redis.call('LINDEX', KEYS[1], 0) or '')
while first and first + length <= at do
    redis.call('LPOP', KEYS[1])
    first = tonumber(redis.call('LINDEX', KEYS[1], 0) or '')
end
local count = redis.call('LLEN', KEYS[1])
if count >= most then
    return { 0, count, first, tonumber(redis.call('LINDEX', KEYS[1], -1)) }
end
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.ceil(length / 1000) + tonumber(ARGV[4])))
return { 1, count + 1, first or at, at }
