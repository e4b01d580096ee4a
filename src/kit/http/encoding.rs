//! How bodies that are sent many times are compressed: once, and then kept.

use std::io::Write;

/// What the receiver takes and we make, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    Brotli,
    Gzip,
    Identity,
}

/// How much work goes into a body.
#[derive(Debug, Clone, Copy)]
pub enum Effort {
    /// For what is kept as long as the program runs.
    Most,
    /// For what somebody waits for.
    Quick,
}

impl Encoding {
    /// The best of those that an `Accept-Encoding` names without refusing it.
    pub fn accepted(header: &str) -> Encoding {
        let takes = |wanted: &str| {
            header.split(',').any(|entry| {
                let (name, quality) = entry.split_once(';').unwrap_or((entry, ""));
                let refused = quality.trim().strip_prefix("q=").is_some_and(|q| q.trim().parse() == Ok(0.0));
                name.trim().eq_ignore_ascii_case(wanted) && !refused
            })
        };
        match () {
            () if takes("br") => Encoding::Brotli,
            () if takes("gzip") => Encoding::Gzip,
            () => Encoding::Identity,
        }
    }

    /// As `Content-Encoding` says it; identity is not said.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Encoding::Brotli => Some("br"),
            Encoding::Gzip => Some("gzip"),
            Encoding::Identity => None,
        }
    }

    pub fn encode(self, bytes: &[u8], effort: Effort) -> std::io::Result<Vec<u8>> {
        match self {
            Encoding::Brotli => {
                let quality = if matches!(effort, Effort::Most) { 9 } else { 4 };
                let mut out = Vec::new();
                let mut writer = brotli::CompressorWriter::new(&mut out, 4096, quality, 20);
                writer.write_all(bytes)?;
                writer.flush()?;
                drop(writer);
                Ok(out)
            }
            Encoding::Gzip => {
                let level = flate2::Compression::new(if matches!(effort, Effort::Most) { 9 } else { 4 });
                let mut writer = flate2::write::GzEncoder::new(Vec::new(), level);
                writer.write_all(bytes)?;
                writer.finish()
            }
            Encoding::Identity => Ok(bytes.to_vec()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn the_best_that_is_taken_is_made() {
        for (header, expected) in [
            ("gzip, deflate, br, zstd", Encoding::Brotli),
            ("gzip;q=1.0, br;q=0", Encoding::Gzip),
            ("GZIP", Encoding::Gzip),
            ("identity", Encoding::Identity),
            ("x-gzip-like, brx", Encoding::Identity),
            ("", Encoding::Identity),
        ] {
            assert_eq!(Encoding::accepted(header), expected, "{header}");
        }
    }

    #[test]
    fn what_was_compressed_reads_the_same() {
        let text = "Écrire à la réunion, <b>deux fois</b>. ".repeat(300);
        for effort in [Effort::Most, Effort::Quick] {
            let mut read = String::new();
            let bytes = Encoding::Brotli.encode(text.as_bytes(), effort).unwrap();
            brotli::Decompressor::new(&bytes[..], 4096).read_to_string(&mut read).unwrap();
            assert_eq!(read, text);
            read.clear();
            let bytes = Encoding::Gzip.encode(text.as_bytes(), effort).unwrap();
            flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut read).unwrap();
            assert_eq!(read, text);
        }
    }
}
