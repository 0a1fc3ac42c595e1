//! A browser without JavaScript: keeps cookies, follows redirects, fills in and sends the forms it finds.

use reqwest::{StatusCode, multipart};
use scraper::{ElementRef, Html, Selector};

#[derive(Clone)]
pub struct Browser {
    pub http: reqwest::Client,
    pub base: String,
}

/// What came back: always the end of the redirects.
pub struct Answer {
    pub status: StatusCode,
    /// Path and query of where we ended.
    pub path: String,
    pub text: String,
    pub headers: reqwest::header::HeaderMap,
}

/// A form as found on a page, to be filled in.
#[derive(Debug, Clone)]
pub struct FormOnPage {
    pub action: String,
    pub method: String,
    pub multipart: bool,
    pub fields: Vec<(String, String)>,
    files: Vec<(String, String, Vec<u8>)>,
}

impl Browser {
    pub fn new(base: &str) -> Self {
        let http = reqwest::Client::builder().cookie_store(true).build().unwrap();
        Self { http, base: base.to_owned() }
    }

    /// The same person with redirects not followed.
    pub async fn get(&self, path: &str) -> Answer {
        Self::answer(self.http.get(self.url(path))).await.unwrap()
    }

    /// Posts plain fields, as a script or an attacker would.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self
            .http
            .post(self.url(path))
            .header("content-type", "application/x-www-form-urlencoded");
        Self::answer(request.body(body)).await.unwrap()
    }

    /// Sends a filled form.
    pub async fn send(&self, form: &FormOnPage) -> Answer {
        self.try_send(form).await.unwrap()
    }

    /// Sends a filled form to a server that may be gone before it answers.
    pub async fn try_send(&self, form: &FormOnPage) -> reqwest::Result<Answer> {
        let url = self.url(&form.action);
        if form.method == "get" {
            let query =
                form_urlencoded::Serializer::new(String::new()).extend_pairs(&form.fields).finish();
            let join = if url.contains('?') { '&' } else { '?' };
            return Self::answer(self.http.get(format!("{url}{join}{query}"))).await;
        }
        if form.multipart {
            let mut parts = multipart::Form::new();
            for (name, value) in &form.fields {
                parts = parts.text(name.clone(), value.clone());
            }
            for (name, file, bytes) in &form.files {
                let part = multipart::Part::bytes(bytes.clone()).file_name(file.clone());
                parts = parts.part(name.clone(), part);
            }
            return Self::answer(self.http.post(url).multipart(parts)).await;
        }
        let body =
            form_urlencoded::Serializer::new(String::new()).extend_pairs(&form.fields).finish();
        let request =
            self.http.post(url).header("content-type", "application/x-www-form-urlencoded");
        Self::answer(request.body(body)).await
    }

    fn url(&self, path: &str) -> String {
        if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) }
    }

    async fn answer(request: reqwest::RequestBuilder) -> reqwest::Result<Answer> {
        let response = request.send().await?;
        let url = response.url().clone();
        let path =
            url.query().map_or_else(|| url.path().to_owned(), |q| format!("{}?{q}", url.path()));
        let (status, headers) = (response.status(), response.headers().clone());
        let text = String::from_utf8_lossy(&response.bytes().await?).into_owned();
        Ok(Answer { status, path, text, headers })
    }
}

fn select(selector: &str) -> Selector {
    Selector::parse(selector).unwrap_or_else(|e| panic!("{selector}: {e}"))
}

impl Answer {
    /// The page must be in order.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert!(self.status.is_success(), "{} {}\n{}", self.status, self.path, self.main_text());
        self
    }

    pub fn contains(&self, words: &str) -> bool {
        self.text.contains(words) || self.main_text().contains(words)
    }

    #[track_caller]
    pub fn shows(self, words: &str) -> Self {
        assert!(
            self.contains(words),
            "{words:?} is not on {} ({}):\n{}",
            self.path,
            self.status,
            self.main_text()
        );
        self
    }

    #[track_caller]
    pub fn lacks(self, words: &str) -> Self {
        assert!(!self.contains(words), "{words:?} is on {}:\n{}", self.path, self.main_text());
        self
    }

    /// The visible words of the main part, blanks joined.
    pub fn main_text(&self) -> String {
        let page = Html::parse_document(&self.text);
        let main = page.select(&select("main, body")).next();
        let words: Vec<&str> =
            main.iter().flat_map(ElementRef::text).flat_map(str::split_whitespace).collect();
        words.join(" ")
    }

    /// The text of every element that `selector` finds.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let page = Html::parse_document(&self.text);
        page.select(&select(selector))
            .map(|e| e.text().flat_map(str::split_whitespace).collect::<Vec<_>>().join(" "))
            .collect()
    }

    /// An attribute of every element that `selector` finds.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let page = Html::parse_document(&self.text);
        page.select(&select(selector))
            .filter_map(|e| e.value().attr(name))
            .map(str::to_owned)
            .collect()
    }

    /// The address of the first link whose words contain `words`.
    #[track_caller]
    pub fn link(&self, words: &str) -> String {
        let page = Html::parse_document(&self.text);
        page.select(&select("a[href]"))
            .find(|a| a.text().collect::<String>().contains(words))
            .and_then(|a| a.value().attr("href").map(str::to_owned))
            .unwrap_or_else(|| panic!("no link {words:?} on {}:\n{}", self.path, self.main_text()))
    }

    /// The first form that `selector` finds, e.g. `form[action="/dang-nhap"]`.
    #[track_caller]
    pub fn form(&self, selector: &str) -> FormOnPage {
        self.find_form(selector).unwrap_or_else(|| {
            panic!("no {selector} on {} ({}):\n{}", self.path, self.status, self.main_text())
        })
    }

    pub fn find_form(&self, selector: &str) -> Option<FormOnPage> {
        let page = Html::parse_document(&self.text);
        let form = page.select(&select(selector)).next()?;
        let attribute = |name| form.value().attr(name).map(str::to_owned);
        let here = self.path.split('?').next().unwrap_or_default().to_owned();
        Some(FormOnPage {
            action: attribute("action").unwrap_or(here),
            method: attribute("method").unwrap_or_else(|| "get".into()).to_lowercase(),
            multipart: attribute("enctype").is_some_and(|e| e == "multipart/form-data"),
            fields: form.select(&select("input, select, textarea")).filter_map(field).collect(),
            files: Vec::new(),
        })
    }
}

/// What a browser would send of one control if the reader touched nothing.
fn field(control: ElementRef<'_>) -> Option<(String, String)> {
    let of = |name| control.value().attr(name);
    let name = of("name")?.to_owned();
    if of("disabled").is_some() {
        return None;
    }
    let value = match control.value().name() {
        "textarea" => control.text().collect::<String>().trim_start_matches('\n').to_owned(),
        "select" => {
            let options: Vec<ElementRef<'_>> = control.select(&select("option")).collect();
            let chosen =
                options.iter().find(|o| o.value().attr("selected").is_some()).or(options.first())?;
            chosen.value().attr("value").map_or_else(|| chosen.text().collect(), str::to_owned)
        }
        _ => match of("type").unwrap_or("text") {
            "checkbox" | "radio" if of("checked").is_none() => return None,
            "checkbox" | "radio" => of("value").unwrap_or("on").to_owned(),
            "file" | "submit" | "button" | "image" => return None,
            _ => of("value").unwrap_or_default().to_owned(),
        },
    };
    Some((name, value))
}

impl FormOnPage {
    /// Fills a field in, ticks a box or presses a button: any value before is replaced.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(n, _)| n != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// One more value of a repeated field.
    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Unticks a box.
    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(n, _)| n != name);
        self
    }

    /// Chooses a file.
    pub fn file(mut self, name: &str, file: &str, bytes: &[u8]) -> Self {
        self.files.push((name.to_owned(), file.to_owned(), bytes.to_owned()));
        self
    }

    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}
