//! The floor's own texts: operator, rules, privacy, help. Written in Markdown under `data/pages`, in both
//! languages; what the program knows better (weights, banned goods) is put in where they ask for it.

use super::routes::Deps;
use crate::{
    config::Site,
    kernel::Lang,
    platform::reference,
    search::criteria,
    web::{Html, Page, PageError},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use std::fmt::Write;

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/data/pages");

/// Texts in the order in which they are listed beside each other.
const ORDER: [&str; 17] = [
    "tro-giup",
    "mua-hang",
    "ban-hang",
    "giao-hang",
    "thanh-toan",
    "doi-tra",
    "khuyen-mai",
    "khieu-nai",
    "chu-quan",
    "quy-che",
    "dieu-khoan",
    "bao-mat",
    "xep-hang",
    "hang-cam",
    "phi",
    "diem-ho-tro",
    "tiep-can",
];

/// One text in one language.
struct Written {
    title: &'static str,
    /// `1.0, 22/11/2026`
    edition: &'static str,
    body: &'static str,
}

/// The addresses of all texts.
pub(super) fn slugs() -> impl Iterator<Item = &'static str> {
    ORDER.into_iter()
}

/// A file begins with its title and its edition, a line each.
fn written(slug: &str, lang: Lang) -> Option<Written> {
    let file = FILES.get_file(format!("{slug}.{}.md", lang.code()))?;
    let (title, rest) = file.contents_utf8()?.split_once('\n')?;
    let (edition, body) = rest.split_once('\n')?;
    Some(Written { title: title.trim_start_matches("# "), edition, body })
}

#[derive(Template)]
#[template(path = "storefront/text.html")]
struct TextPage {
    page: Page,
    title: &'static str,
    edition: &'static str,
    html: String,
    others: Vec<(String, &'static str, bool)>,
}

/// `GET /trang/{slug}`
pub(super) async fn show(
    State(deps): State<Deps>,
    Path(slug): Path<String>,
    page: Page,
) -> Result<Response, PageError> {
    let known = ORDER.contains(&slug.as_str());
    let Some(text) = written(&slug, page.lang).filter(|_| known) else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let others = ORDER.iter().filter_map(|other| {
        Some((format!("/trang/{other}"), written(other, page.lang)?.title, *other == slug))
    });
    Ok(Html(TextPage {
        others: others.collect(),
        title: text.title,
        edition: text.edition,
        html: html(&filled(text.body, page.lang, &deps.site)),
        page,
    })
    .into_response())
}

/// Our own Markdown; nobody else writes here, so headings keep their levels.
fn html(markdown: &str) -> String {
    let options = pulldown_cmark::Options::ENABLE_TABLES;
    let mut out = String::new();
    pulldown_cmark::html::push_html(&mut out, pulldown_cmark::Parser::new_ext(markdown, options));
    out
}

/// Puts the deployment's own facts and the program's own tables in.
fn filled(body: &str, lang: Lang, site: &Site) -> String {
    let run = &site.operator;
    let mut text = body.to_owned();
    for (name, value) in [
        ("{san}", &site.name),
        ("{tinh}", &site.province),
        ("{chu-quan}", &run.name),
        ("{dia-chi}", &run.address),
        ("{ma-so}", &run.registration),
        ("{dien-thoai}", &run.phone),
        ("{thu}", &run.email),
    ] {
        text = text.replace(name, value);
    }
    if text.contains("{bang-xep-hang}") {
        text = text.replace("{bang-xep-hang}", &ranking(lang));
    }
    if text.contains("{bang-hang-cam}") {
        text = text.replace("{bang-hang-cam}", &banned(lang));
    }
    text
}

fn ranking(lang: Lang) -> String {
    let mut table = format!(
        "| {} | {} |\n|---|---:|\n",
        lang.t("Tiêu chí", "Criterion"),
        lang.t("Trọng số", "Weight")
    );
    for criterion in criteria() {
        let weight = if criterion.is_part {
            format!("{:+.0} %", criterion.weight * 100.0)
        } else {
            criterion.weight.to_string()
        };
        let weight = if lang == Lang::Vi { weight.replace('.', ",") } else { weight };
        let _ = writeln!(table, "| {} | {weight} |", criterion.label.get(lang));
    }
    table
}

#[derive(Deserialize)]
struct Banned {
    pattern: String,
    kind: String,
    action: String,
    reason_vi: String,
    reason_en: String,
    legal_ref: String,
}

/// One row for each reason: what is refused and by which law.
fn banned(lang: Lang) -> String {
    let rows: Vec<Banned> =
        reference::rows(include_str!("../../data/banned.csv")).unwrap_or_default();
    let mut groups: Vec<(String, String, &str, Vec<String>)> = Vec::new();
    for row in rows.into_iter().filter(|row| row.kind == "word") {
        let reason = lang.t(&row.reason_vi, &row.reason_en).to_owned();
        let action = match row.action.as_str() {
            "block" => lang.t("Không được bán", "May not be sold"),
            _ => lang.t("Xem xét từng tin", "Each listing is examined"),
        };
        match groups.iter_mut().find(|g| g.0 == reason && g.1 == row.legal_ref && g.2 == action) {
            Some(group) => group.3.push(row.pattern),
            None => groups.push((reason, row.legal_ref, action, vec![row.pattern])),
        }
    }
    let mut table = format!(
        "| {} | {} | {} |\n|---|---|---|\n",
        lang.t("Nhóm hàng và từ nhận biết", "Group and words that reveal it"),
        lang.t("Cách xử lý", "What is done"),
        lang.t("Căn cứ", "Legal basis")
    );
    for (reason, legal, action, words) in groups {
        let _ = writeln!(table, "| **{reason}** {} | {action} | {legal} |", words.join(", "));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_there_in_both_languages() {
        for slug in ORDER {
            for lang in [Lang::Vi, Lang::En] {
                let text = written(slug, lang).unwrap_or_else(|| panic!("{slug} in {lang:?}"));
                assert!(text.edition.contains("22/11/2026"), "{slug}: edition and date");
                let filled = filled(
                    text.body,
                    lang,
                    &crate::config::Config::read(&mut crate::config::Reader::from([(
                        "SANTINH_NAME",
                        "Sàn",
                    )]))
                    .unwrap()
                    .site,
                );
                assert!(!filled.contains('{'), "{slug} in {lang:?}: something is not filled in");
            }
        }
        assert_eq!(FILES.files().count(), 2 * ORDER.len());
    }
}
