//! Buyers: from the basket to the review by the pages' own forms, then the order itself, measured.

use super::load;
use scraper::{Html, Selector};
use sqlx::PgPool;
use std::{sync::Arc, time::Duration};

fn selector(text: &str) -> Selector {
    Selector::parse(text).expect("a constant selector")
}

/// Fields of the form that holds `button`, as a browser would send them.
fn fields(html: &str, button: &str) -> anyhow::Result<(String, Vec<(String, String)>)> {
    let page = Html::parse_document(html);
    let wanted = selector(button);
    let form = page.select(&selector("form")).find(|form| form.select(&wanted).next().is_some());
    let form = form.ok_or_else(|| anyhow::anyhow!("no form with {button}"))?;
    let mut fields: Vec<(String, String)> = Vec::new();
    for input in form.select(&selector("input, textarea, select")) {
        let value = |name| input.value().attr(name).unwrap_or_default().to_owned();
        let name = value("name");
        let kind = value("type");
        if name.is_empty()
            || (matches!(kind.as_str(), "radio" | "checkbox")
                && input.value().attr("checked").is_none())
        {
            continue;
        }
        fields.push((name, if kind.is_empty() { input.text().collect() } else { value("value") }));
    }
    let pressed = form.select(&wanted).next().map(|b| b.value());
    if let Some((name, value)) = pressed.and_then(|b| Some((b.attr("name")?, b.attr("value")?))) {
        fields.push((name.to_owned(), value.to_owned()));
    }
    Ok((form.value().attr("action").unwrap_or_default().to_owned(), fields))
}

fn set(fields: &mut Vec<(String, String)>, name: &str, value: &str) {
    fields.retain(|(known, _)| known != name);
    fields.push((name.to_owned(), value.to_owned()));
}

/// One guest with one piece in the basket, ready to press the last button: cookie, path and body.
async fn prepare(base: &str, variant: &str) -> anyhow::Result<(String, String, String)> {
    let jar = Arc::new(reqwest::cookie::Jar::default());
    let http = reqwest::Client::builder().cookie_provider(jar.clone()).build()?;
    let key = uuid::Uuid::new_v4().to_string();
    let add = [("variant", variant), ("quantity", "1"), ("key", &key), ("mua-ngay", "1")];
    http.post(format!("{base}/gio-hang/them")).form(&add).send().await?.error_for_status()?;
    let mut html = http.get(format!("{base}/dat-hang")).send().await?.text().await?;
    let (action, mut form) = fields(&html, "button[name=act][value=next]")?;
    for (name, value) in [
        ("ho_ten", "Nguyễn Thị Bình"),
        ("dien_thoai", "0900000999"),
        ("xa", "19429"),
        ("xa_q", "Khe Sanh"),
        ("dia_chi", "Khối 3B"),
        ("email", ""),
    ] {
        set(&mut form, name, value);
    }
    html = http.post(format!("{base}{action}")).form(&form).send().await?.text().await?;
    let (action, form) = fields(&html, "button[name=act][value=next]")?;
    html = http.post(format!("{base}{action}")).form(&form).send().await?.text().await?;
    let (action, form) = fields(&html, "button[name=place]")?;
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let cookie = reqwest::cookie::CookieStore::cookies(&*jar, &base.parse()?);
    let cookie =
        cookie.and_then(|value| value.to_str().map(str::to_owned).ok()).unwrap_or_default();
    Ok((cookie, action, body))
}

/// `each` orders by each of 16 buyers at once.
///
/// Before it begins, the database learns how large its tables have become, as one that is in use has long known.
pub async fn place(
    db: &PgPool,
    port: u16,
    variants: &[String],
    each: usize,
) -> anyhow::Result<load::Measured> {
    const BUYERS: usize = 16;
    let base = format!("http://127.0.0.1:{port}");
    // All at once, so that every connection to the database has seen the statements before.
    let buyers = (0..BUYERS).map(|buyer| {
        let base = &base;
        async move {
            let mut ready = Vec::new();
            for n in 0..each {
                let variant = &variants[(buyer * 104_729 + n * 7_919) % variants.len()];
                let (cookie, path, body) = prepare(base, variant).await?;
                ready.push(load::post(&path, &cookie, &body));
            }
            anyhow::Ok(ready)
        }
    });
    let ready: Vec<Vec<u8>> =
        futures_util::future::try_join_all(buyers).await?.into_iter().flatten().collect();
    let ready = Arc::new(ready);
    sqlx::query("analyze").execute(db).await?;
    load::run(port, BUYERS, Duration::from_secs(120), move |buyer, n| {
        (n < each).then(|| ready[buyer * each + n].clone())
    })
    .await
}
