//! A real browser: Debian's Chromium, driven through chromedriver.

use fantoccini::{Client, ClientBuilder, Locator, elements::Element, wd::Capabilities};
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::{Method, Url};
use serde_json::json;
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

/// What the reader's machine asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
}

/// One browser with a profile of its own; both end with the test.
pub struct Chrome {
    pub client: Client,
    driver: Child,
    profile: std::path::PathBuf,
}

impl Drop for Chrome {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

impl Chrome {
    /// A phone-sized window (360 × 740), with or without JavaScript.
    pub async fn phone(javascript: bool) -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver (scripts/setup.sh test installs it)");
        let lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines
            .map_while(Result::ok)
            .filter(|line| line.contains("started successfully"))
            .find_map(|line| {
                line.rsplit_once("on port ").map(|(_, p)| p.trim_end_matches('.').to_owned())
            })
            .expect("chromedriver tells its port");
        let profile =
            std::env::temp_dir().join(format!("santinh-chrome-{}", uuid::Uuid::new_v4().simple()));
        let arguments = [
            "--headless=new".to_owned(),
            "--no-sandbox".into(),
            "--disable-gpu".into(),
            "--disable-dev-shm-usage".into(),
            "--disable-quic".into(),
            "--no-first-run".into(),
            "--disable-background-networking".into(),
            "--disable-component-update".into(),
            "--disable-sync".into(),
            format!("--user-data-dir={}", profile.display()),
        ];
        let options = json!({
            "args": arguments,
            "mobileEmulation": { "deviceMetrics": { "width": 360, "height": 740, "pixelRatio": 1.0, "touch": true } },
        });
        let mut capabilities = Capabilities::new();
        capabilities.insert("goog:chromeOptions".into(), options);
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("chromium starts");
        let chrome = Self { client, driver, profile };
        if !javascript {
            // No script is inline (the policy forbids it), so a page whose script files do not come runs none.
            chrome.devtools("Network.enable", json!({})).await;
            chrome.devtools("Network.setBlockedURLs", json!({ "urls": ["*/static/js/*"] })).await;
        }
        chrome
    }

    async fn devtools(&self, command: &'static str, parameters: serde_json::Value) {
        self.client.issue_cmd(DevTools { command, parameters }).await.unwrap();
    }

    /// Puts axe-core into every page from now on; the policy of the pages does not bind it.
    pub async fn load_axe(&self) {
        let source = include_str!("vendor/axe.min.js");
        let add = "Page.addScriptToEvaluateOnNewDocument";
        self.devtools("Page.enable", json!({})).await;
        self.devtools(add, json!({ "source": source })).await;
    }

    /// What axe-core holds against this page by the rules of WCAG 2.2 A and AA; `colours`: by those alone
    /// that a change of colours can break.
    pub async fn axe(&self, colours: bool) -> Vec<String> {
        let only = if colours {
            json!({ "type": "rule", "values": ["color-contrast", "link-in-text-block"] })
        } else {
            let tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
            json!({ "type": "tag", "values": tags })
        };
        let run = "const done = arguments[1];
            axe.run(document, { runOnly: arguments[0], resultTypes: ['violations'] }).then(
                found => done(found.violations.flatMap(rule => rule.nodes.map(node =>
                    rule.id + ' ' + node.target.join(' ') + ': ' + node.failureSummary + ' ' + node.html))),
                error => done(['axe: ' + error]));";
        let found = self.client.execute_async(run, vec![only]).await.unwrap();
        serde_json::from_value(found).unwrap()
    }

    /// The page in a window of this width and in these colours.
    pub async fn show_as(&self, width: u32, theme: Theme) {
        let phone = width < 600;
        let metrics =
            json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": phone });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
        let value = if theme == Theme::Dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] });
        self.devtools("Emulation.setEmulatedMedia", media).await;
    }

    pub async fn set_cookie(&self, url: &str, name: &str, value: &str) {
        let cookie = json!({ "url": url, "name": name, "value": value, "httpOnly": true });
        self.devtools("Network.setCookie", cookie).await;
    }

    /// The width that the page takes. (A phone's own window grows with a page that is too wide.)
    pub async fn width(&self) -> u64 {
        let ask = "return document.documentElement.scrollWidth";
        serde_json::from_value(self.client.execute(ask, Vec::new()).await.unwrap()).unwrap()
    }

    pub async fn open(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// Fills in a field by its name.
    pub async fn fill(&self, name: &str, text: &str) {
        let field = self.find(&format!("main [name=\"{name}\"]")).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Chooses an option of a select by its value.
    pub async fn choose(&self, name: &str, value: &str) {
        self.find(&format!("main select[name=\"{name}\"]"))
            .await
            .select_by_value(value)
            .await
            .unwrap();
    }

    /// Presses or ticks what `css` finds; the page that may follow is waited for by the next look.
    pub async fn click(&self, css: &str) {
        for _ in 0..20 {
            let element = self.find(css).await;
            if self.press(&element).await.is_ok() {
                return;
            }
            // The page was on its way out: look again on the next one.
            tokio::time::sleep(Duration::from_millis(150)).await;
        }
        panic!("{css} cannot be pressed:\n{}", self.words().await);
    }

    /// Follows the link whose words contain `words`.
    pub async fn follow(&self, words: &str) {
        let path = format!("//main//a[contains(normalize-space(.), \"{words}\")]");
        let wait = self.client.wait().at_most(Duration::from_secs(10));
        let link = wait.for_element(Locator::XPath(&path)).await;
        let link = link.unwrap_or_else(|e| panic!("no link {words:?}: {e}"));
        self.press(&link).await.unwrap_or_else(|e| panic!("following {words}: {e}"));
    }

    /// Brings it to the middle of the window first, as a thumb would.
    async fn press(&self, element: &Element) -> Result<(), fantoccini::error::CmdError> {
        let middle = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
        let this = serde_json::to_value(element).unwrap();
        self.client.execute(middle, vec![this]).await?;
        element.click().await
    }

    pub async fn find(&self, css: &str) -> Element {
        match self
            .client
            .wait()
            .at_most(Duration::from_secs(10))
            .for_element(Locator::Css(css))
            .await
        {
            Ok(element) => element,
            Err(error) => {
                let at = self.client.current_url().await.map(|u| u.to_string()).unwrap_or_default();
                let text = self.words().await;
                panic!("no {css} on {at}: {error}\n{text}")
            }
        }
    }

    /// The visible words of the page.
    pub async fn words(&self) -> String {
        match self.client.find(Locator::Css("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Waits until the page shows `words`.
    pub async fn shows(&self, words: &str) {
        for _ in 0..50 {
            if self.words().await.contains(words) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let at = self.client.current_url().await.map(|u| u.to_string()).unwrap_or_default();
        panic!("{words:?} is not on {at}:\n{}", self.words().await);
    }

    /// Waits until another page than `path` is shown.
    pub async fn leaves(&self, path: &str) {
        for _ in 0..100 {
            if self.client.current_url().await.unwrap().path() != path {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("still on {path}:\n{}", self.words().await);
    }

    /// No page may be wider than the phone.
    pub async fn fits(&self) {
        let html = self.client.find(Locator::Css("html")).await.unwrap();
        let (_, _, width, _) = html.rectangle().await.unwrap();
        assert!(
            width <= 361.0,
            "{} px wide at {}",
            width,
            self.client.current_url().await.unwrap()
        );
    }

    pub async fn close(self) {
        let _ = self.client.clone().close().await;
    }
}

/// A command of Chromium's own, beside those of WebDriver.
#[derive(Debug)]
struct DevTools {
    command: &'static str,
    parameters: serde_json::Value,
}

impl fantoccini::wd::WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        let body = json!({ "cmd": self.command, "params": self.parameters });
        (Method::POST, Some(body.to_string()))
    }
}
