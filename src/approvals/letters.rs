//! What approvers and askers are written.

use super::{jobs::Post, model::Kept};
use crate::kernel::Lang;

/// Somebody waits for this approver.
pub(super) fn asked(
    post: &Post,
    lang: Lang,
    kept: &Kept,
    asker: &str,
    org: &str,
) -> (String, String) {
    let (what, amount) = (kept.what(lang), kept.amount);
    let link = format!("{}/to-chuc/duyet/{}", post.base_url, kept.id);
    let (subject, body) = match lang {
        Lang::Vi => (
            format!("{asker} chờ bạn duyệt: {amount}"),
            format!(
                "{asker} đề nghị {org} duyệt khoản {amount}:\n\n{what}\n\nXem và quyết định:\n{link}"
            ),
        ),
        Lang::En => (
            format!("{asker} waits for your approval: {amount}"),
            format!(
                "{asker} asks {org} to approve {amount}:\n\n{what}\n\nRead and decide:\n{link}"
            ),
        ),
    };
    (subject, signed(post, lang, &body))
}

/// It is decided.
pub(super) fn decided(
    post: &Post,
    lang: Lang,
    kept: &Kept,
    approved: bool,
    (who, note): (&str, &str),
) -> (String, String) {
    let (what, amount) = (kept.what(lang), kept.amount);
    let (subject, mut body) = match (approved, lang) {
        (true, Lang::Vi) => (
            format!("Đề nghị {amount} đã được duyệt"),
            format!("{who} đã duyệt đề nghị của bạn:\n\n{what}"),
        ),
        (true, Lang::En) => (
            format!("Your request over {amount} was approved"),
            format!("{who} has approved what you asked for:\n\n{what}"),
        ),
        (false, Lang::Vi) => (
            format!("Đề nghị {amount} bị từ chối"),
            format!("{who} đã từ chối đề nghị của bạn:\n\n{what}"),
        ),
        (false, Lang::En) => (
            format!("Your request over {amount} was refused"),
            format!("{who} has refused what you asked for:\n\n{what}"),
        ),
    };
    if !note.is_empty() {
        body.push_str(lang.t("\n\nLời ghi: ", "\n\nNote: "));
        body.push_str(note);
    }
    let path = if approved && !kept.url.is_empty() {
        body.push_str(lang.t("\n\nTiếp tục ở đây:\n", "\n\nGo on here:\n"));
        kept.url.clone()
    } else {
        body.push_str(lang.t("\n\nXem lại:\n", "\n\nSee it:\n"));
        format!("/to-chuc/duyet/{}", kept.id)
    };
    body.push_str(&post.base_url);
    body.push_str(&path);
    (subject, signed(post, lang, &body))
}

fn signed(post: &Post, lang: Lang, body: &str) -> String {
    let hello = lang.t("Kính gửi quý vị,", "Hello,");
    format!("{hello}\n\n{body}\n\n-- \n{}\n{}\n", post.site_name, post.base_url)
}
