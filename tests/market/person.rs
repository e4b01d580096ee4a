//! Somebody at a browser, or behind a program: keeps a cookie, an access token, and a language.

use std::cell::RefCell;
use std::io::Read;

use brasdroit::base::actor::AccountId;
use serde_json::{Value, json};

use super::answer::Answer;
use super::form::{self, PageForm};

pub struct Person {
    pub name: String,
    pub email: String,
    pub password: String,
    pub lang: String,
    pub account: Option<AccountId>,
    address: String,
    agent: ureq::Agent,
    cookies: RefCell<Vec<(String, String)>>,
    token: RefCell<Option<String>>,
}

impl Person {
    pub fn new(name: &str, address: &str) -> Person {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // A DELETE may carry the password that it needs.
            .allow_non_standard_methods(true)
            .timeout_global(Some(std::time::Duration::from_secs(30)))
            .build();
        Person {
            name: name.to_owned(),
            email: String::new(),
            password: String::new(),
            lang: "fr".to_owned(),
            account: None,
            address: address.to_owned(),
            agent: config.into(),
            cookies: RefCell::default(),
            token: RefCell::default(),
        }
    }

    /// The same person on another device: no cookie, no token.
    pub fn elsewhere(&self) -> Person {
        let mut other = Person::new(&self.name, &self.address);
        other.email.clone_from(&self.email);
        other.password.clone_from(&self.password);
        other.lang.clone_from(&self.lang);
        other.account = self.account;
        other
    }

    pub fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[])
    }

    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("GET", path, headers, None)
    }

    /// Goes to a page and follows where it leads, at most five times.
    pub fn visit(&self, path: &str) -> Answer {
        self.follow(self.get(path))
    }

    pub fn follow(&self, mut answer: Answer) -> Answer {
        for _ in 0..5 {
            match answer.header("location") {
                Some(next) if (300..400).contains(&answer.status) => answer = self.get(next),
                _ => break,
            }
        }
        answer
    }

    /// Sends a form without looking at its page: no csrf, no key but those given.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = serde_urlencoded::to_string(fields).expect("a form");
        self.post_raw(path, "application/x-www-form-urlencoded", body.as_bytes())
    }

    pub fn post_raw(&self, path: &str, content_type: &str, body: &[u8]) -> Answer {
        let origin = self.address.clone();
        self.send("POST", path, &[("content-type", content_type), ("origin", &origin)], Some(body))
    }

    /// The form of a page whose action ends in `action` (or the first POST form when empty).
    pub fn form(&self, page: &str, action: &str) -> PageForm {
        let answer = self.visit(page);
        let forms = form::forms(&answer.body);
        let own = forms.iter().filter(|form| form.method == "post");
        let fits = |form: &&PageForm| match action {
            "" => {
                !form.action.ends_with("/theme")
                    && !form.action.ends_with("/sign-out")
                    && !form.action.contains("/demo/")
            }
            _ => form.action.ends_with(action),
        };
        own.clone().find(fits).cloned().unwrap_or_else(|| {
            let actions: Vec<_> = forms.iter().map(|form| (&form.method, &form.action)).collect();
            panic!("no form {action:?} on {page} ({}): {actions:?}\n{}", answer.status, answer.in_short())
        })
    }

    /// Opens the page, fills the form as a browser without JavaScript would, and sends it.
    pub fn fill(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let form = self.form(page, action);
        self.send_form(page, &form, fields)
    }

    /// Sends a form that was opened before, with these fields changed; a field given twice stands twice.
    pub fn send_form(&self, page: &str, form: &PageForm, fields: &[(&str, &str)]) -> Answer {
        let kept = form.fields.iter().filter(|(name, _)| !fields.iter().any(|(given, _)| given == name));
        let mut all: Vec<(&str, &str)> = kept.map(|(name, value)| (name.as_str(), value.as_str())).collect();
        all.extend_from_slice(fields);
        let target = if form.action.is_empty() { page } else { &form.action };
        self.post(target, &all)
    }

    /// Calls the API with the access token, when there is one.
    pub fn api(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.api_with(method, path, body, &[])
    }

    pub fn api_with(&self, method: &str, path: &str, body: Option<Value>, headers: &[(&str, &str)]) -> Answer {
        let bearer = self.token.borrow().as_ref().map(|token| format!("Bearer {token}"));
        let mut all: Vec<(&str, &str)> = vec![("accept-language", &self.lang)];
        if let Some(bearer) = &bearer {
            all.push(("authorization", bearer));
        }
        all.extend_from_slice(headers);
        let text = body.map(|body| body.to_string());
        if text.is_some() {
            all.push(("content-type", "application/json"));
        }
        self.send_bare(method, &format!("/api/v1{path}"), &all, text.as_deref().map(str::as_bytes))
    }

    /// Sends these very bytes to the API.
    pub fn api_raw(&self, method: &str, path: &str, content_type: &str, body: &[u8]) -> Answer {
        let bearer = format!("Bearer {}", self.token.borrow().clone().unwrap_or_default());
        let headers = [("content-type", content_type), ("authorization", &bearer), ("accept-language", &self.lang)];
        self.send_bare(method, &format!("/api/v1{path}"), &headers, Some(body))
    }

    /// The same with an idempotency key.
    pub fn api_raw_once(&self, path: &str, content_type: &str, body: &[u8], key: &str) -> Answer {
        let bearer = format!("Bearer {}", self.token.borrow().clone().unwrap_or_default());
        let headers = [("content-type", content_type), ("authorization", &bearer), ("idempotency-key", key)];
        self.send_bare("POST", &format!("/api/v1{path}"), &headers, Some(body))
    }

    /// Sends a form of a page with one file, as a browser does.
    pub fn send_file(&self, page: &str, action: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Answer {
        let form = self.form(page, action);
        let boundary = "----a-boundary-of-the-tests";
        let mut body = Vec::new();
        let kept = form.fields.iter().filter(|(name, _)| !fields.iter().any(|(given, _)| given == name));
        let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in kept.chain(fields.iter().copied()) {
            let part = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n",
            file.0
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(file.1);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        let target = if form.action.is_empty() { page } else { &form.action };
        self.post_raw(target, &format!("multipart/form-data; boundary={boundary}"), &body)
    }

    /// A POST to the API with an idempotency key of its own.
    pub fn api_once(&self, path: &str, body: Value, key: &str) -> Answer {
        self.api_with("POST", path, Some(body), &[("idempotency-key", key)])
    }

    /// The same person at another address of the same instance.
    pub fn at(&self, address: &str) -> Person {
        let mut other = self.elsewhere();
        other.address = address.to_owned();
        other.takes_over(self);
        other
    }

    /// A keyed call to a program that may be killed meanwhile; `None` when no whole answer came.
    pub fn tries(&self, method: &str, path: &str, body: &Value, key: &str) -> Option<(u16, Value)> {
        let token = self.token.borrow().clone().unwrap_or_default();
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}/api/v1{path}", self.address))
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .body(body.to_string())
            .expect("a request");
        let mut response = self.agent.run(request).ok()?;
        let text = response.body_mut().read_to_string().ok()?;
        Some((response.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null)))
    }

    /// Sends one file to an API door.
    pub fn upload(&self, path: &str, name: &str, bytes: &[u8]) -> Answer {
        let boundary = "----a-boundary-of-the-tests";
        let mut body = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={boundary}");
        let bearer = format!("Bearer {}", self.token.borrow().clone().unwrap_or_default());
        let headers = [("content-type", kind.as_str()), ("authorization", &bearer), ("accept-language", &self.lang)];
        self.send_bare("POST", &format!("/api/v1{path}"), &headers, Some(&body))
    }

    /// Takes an access token by e-mail and password.
    pub fn signs_in_to_the_api(&self) {
        // A token that ran out would be refused before the password is looked at.
        self.drops_token();
        let body = json!({"email": self.email, "password": self.password});
        let answer = self.api("POST", "/sessions", Some(body)).expect(201);
        self.holds_token(&answer.text("access_token"));
    }

    /// The access token of the API.
    pub fn token(&self) -> String {
        self.token.borrow().clone().unwrap_or_default()
    }

    pub fn holds_token(&self, token: &str) {
        *self.token.borrow_mut() = Some(token.to_owned());
    }

    pub fn holds_cookie(&self, name: &str, value: &str) {
        let mut cookies = self.cookies.borrow_mut();
        cookies.retain(|(known, _)| known != name);
        cookies.push((name.to_owned(), value.to_owned()));
    }

    /// Takes cookie and token of the same person on another device.
    pub fn takes_over(&self, other: &Person) {
        self.cookies.borrow_mut().clone_from(&other.cookies.borrow());
        self.token.borrow_mut().clone_from(&other.token.borrow());
    }

    pub fn drops_token(&self) {
        *self.token.borrow_mut() = None;
    }

    /// The cookie header this browser would send.
    pub fn cookie(&self) -> String {
        let cookies = self.cookies.borrow();
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    pub fn forgets_cookies(&self) {
        self.cookies.borrow_mut().clear();
    }

    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&[u8]>) -> Answer {
        let cookie = self.cookie();
        let mut all = headers.to_vec();
        if !cookie.is_empty() {
            all.push(("cookie", &cookie));
        }
        let answer = self.send_bare(method, path, &all, body);
        for set in answer.headers("set-cookie") {
            let pair = set.split(';').next().unwrap_or_default();
            let Some((name, value)) = pair.split_once('=') else { continue };
            let mut cookies = self.cookies.borrow_mut();
            cookies.retain(|(known, _)| known != name);
            if !set.contains("Max-Age=0") && !value.is_empty() {
                cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        answer
    }

    fn send_bare(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&[u8]>) -> Answer {
        let path = path.strip_prefix("http://127.0.0.1:8080").unwrap_or(path);
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let sent = match body {
            Some(body) => self.agent.run(request.body(body).expect("a request")),
            None => self.agent.run(request.body(()).expect("a request")),
        };
        let mut response = sent.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let mut bytes = Vec::new();
        response.body_mut().as_reader().read_to_end(&mut bytes).expect("a body");
        Answer { status, headers, body: String::from_utf8_lossy(&bytes).into_owned(), bytes }
    }
}
