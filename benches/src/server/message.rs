//! What goes over the wire: frames, requests, and where an answer ends. Only what our own servers send.

/// How requests are framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// HTTP/1.1 on a connection that stays open.
    Http,
    /// A WebSocket whose handshake is over.
    WebSocket,
}

/// What a read buffer begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begins<'a> {
    /// Not yet a whole message.
    Part,
    /// A message of so many bytes in all, and its payload; of HTTP head and body.
    Message(usize, &'a [u8]),
    /// A control frame of so many bytes.
    Control(usize),
    /// The other side closes.
    End,
}

impl Framing {
    /// What a buffer begins with.
    pub fn read(self, buffer: &[u8]) -> Begins<'_> {
        match self {
            Self::Http => http(buffer),
            Self::WebSocket => frame(buffer),
        }
    }
}

fn http(buffer: &[u8]) -> Begins<'_> {
    let Some(head) = find(buffer, b"\r\n\r\n") else { return Begins::Part };
    // An answer without a body, such as that of a handshake, names no length.
    let length = find(&buffer[..head], b"content-length: ").map_or(0, |place| {
        let digits = buffer[place + 16..head].iter().take_while(|byte| byte.is_ascii_digit());
        digits.fold(0, |number, digit| number * 10 + usize::from(digit - b'0'))
    });
    let total = head + 4 + length;
    if buffer.len() < total { Begins::Part } else { Begins::Message(total, &buffer[..total]) }
}

fn frame(buffer: &[u8]) -> Begins<'_> {
    let [first, second, rest @ ..] = buffer else { return Begins::Part };
    let (length, head) = match (second & 0x7f, rest) {
        (126, [high, low, ..]) => (usize::from(u16::from_be_bytes([*high, *low])), 4),
        (127, [bytes @ .., _]) if bytes.len() >= 7 => {
            let bytes = rest[..8].iter().fold(0, |number: usize, byte| number << 8 | usize::from(*byte));
            (bytes, 10)
        }
        (126 | 127, _) => return Begins::Part,
        (length, _) => (usize::from(length), 2),
    };
    let total = head + length;
    if buffer.len() < total {
        return Begins::Part;
    }
    match first & 0x0f {
        0x8 => Begins::End,
        0x9 | 0xa => Begins::Control(total),
        _ => Begins::Message(total, &buffer[head..total]),
    }
}

/// A text frame of a client. Its mask is zero, which is as good as any on a machine of our own and leaves the text
/// readable in traces.
pub fn text_frame(text: &[u8], output: &mut Vec<u8>) {
    output.push(0x81);
    match u8::try_from(text.len()) {
        Ok(length) if length < 126 => output.push(0x80 | length),
        _ => {
            output.push(0x80 | 126);
            output.extend(u16::try_from(text.len()).unwrap_or(u16::MAX).to_be_bytes());
        }
    }
    output.extend([0; 4]);
    output.extend(text);
}

/// A handshake for a socket.
pub fn handshake(path: &str) -> Vec<u8> {
    format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    .into_bytes()
}

/// A request without a body.
pub fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").into_bytes()
}

/// A request with JSON.
pub fn post(path: &str, token: &str, body: &str, output: &mut Vec<u8>) {
    output.extend(
        format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Token {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .as_bytes(),
    );
}

/// Where a text first stands in another.
pub fn find(buffer: &[u8], text: &[u8]) -> Option<usize> {
    buffer.windows(text.len()).position(|window| window == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_where_its_length_says() {
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}HTTP";
        assert_eq!(http(answer), Begins::Message(40, &answer[..40]));
        assert_eq!(http(&answer[..39]), Begins::Part);
    }

    #[test]
    fn frames_of_all_lengths_are_read() {
        for length in [0, 1, 125, 126, 65_535, 65_536] {
            let mut bytes = vec![0x81];
            match length {
                0..126 => bytes.push(u8::try_from(length).unwrap()),
                126..=65_535 => {
                    bytes.push(126);
                    bytes.extend(u16::try_from(length).unwrap().to_be_bytes());
                }
                _ => {
                    bytes.push(127);
                    bytes.extend((length as u64).to_be_bytes());
                }
            }
            let head = bytes.len();
            bytes.extend(vec![b'x'; length]);
            assert_eq!(frame(&bytes), Begins::Message(head + length, &bytes[head..]), "{length}");
            assert_eq!(frame(&bytes[..head + length - 1]), Begins::Part, "{length}");
        }
    }
}
