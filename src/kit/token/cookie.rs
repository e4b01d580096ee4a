//! The one cookie of a browser: its name, and how the header sets and clears it.

use super::IDLE_DAYS;

const HOST_NAME: &str = "__Host-brasdroit";
const PLAIN_NAME: &str = "brasdroit";

/// `__Host-` and `Secure` over https and on this machine; a plain cookie for development on another
/// plain-http host, which production refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CookieShape {
    Host,
    Plain,
}

impl CookieShape {
    pub fn of(public_url: &str) -> CookieShape {
        let Some(rest) = public_url.strip_prefix("http://") else { return CookieShape::Host };
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = match host.strip_prefix('[') {
            Some(v6) => v6.split(']').next().unwrap_or_default(),
            None => host.split(':').next().unwrap_or_default(),
        };
        let here = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        if here { CookieShape::Host } else { CookieShape::Plain }
    }

    pub fn name(self) -> &'static str {
        match self {
            CookieShape::Host => HOST_NAME,
            CookieShape::Plain => PLAIN_NAME,
        }
    }

    /// Our cookie in a `Cookie` header. Of two with the same name neither is trusted.
    pub fn read(self, header: &str) -> Option<&str> {
        let mut found = header.split(';').filter_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            (name == self.name()).then_some(value)
        });
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// The `Set-Cookie` header for a token.
    pub fn set(self, token: &str) -> String {
        format!("{}={token}; Path=/; Max-Age={}{}", self.name(), IDLE_DAYS * 24 * 3600, self.manners())
    }

    /// The `Set-Cookie` header that takes the cookie away.
    pub fn clear(self) -> String {
        format!("{}=; Path=/; Max-Age=0{}", self.name(), self.manners())
    }

    /// The name of the cookie that remembers light or dark.
    pub fn theme_name(self) -> &'static str {
        match self {
            CookieShape::Host => "__Host-theme",
            CookieShape::Plain => "theme",
        }
    }

    /// The `Set-Cookie` header for light or dark; the page's script writes it as well.
    pub fn set_theme(self, theme: &str, seconds: i64) -> String {
        let secure = match self {
            CookieShape::Host => "; Secure",
            CookieShape::Plain => "",
        };
        format!("{}={theme}; Path=/; Max-Age={seconds}; SameSite=Lax{secure}", self.theme_name())
    }

    fn manners(self) -> &'static str {
        match self {
            CookieShape::Host => "; Secure; HttpOnly; SameSite=Lax",
            CookieShape::Plain => "; HttpOnly; SameSite=Lax",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CookieShape;

    #[test]
    fn https_and_this_machine_get_the_host_cookie() {
        for url in ["https://brasdroit.example", "http://localhost:8080", "http://127.0.0.1", "http://[::1]:80/"] {
            assert_eq!(CookieShape::of(url), CookieShape::Host, "{url}");
        }
        for url in ["http://brasdroit.example", "http://192.168.1.2:80", "http://localhost.example"] {
            assert_eq!(CookieShape::of(url), CookieShape::Plain, "{url}");
        }
    }

    #[test]
    fn of_two_cookies_with_our_name_neither_is_trusted() {
        let shape = CookieShape::Host;
        assert_eq!(shape.read("a=1; __Host-brasdroit=x; b=2"), Some("x"));
        assert_eq!(shape.read("__Host-brasdroit=x; __Host-brasdroit=y"), None);
        assert_eq!(shape.read("brasdroit=x"), None);
    }
}
