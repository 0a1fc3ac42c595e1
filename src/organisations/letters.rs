//! What members and those who are invited are written.

use super::{invitations::Invitation, model::OrgRole, verify::Decision};
use crate::{
    config::Site,
    kernel::{Lang, date, day_of},
};

/// An invitation with its one-time link.
pub(super) fn invitation(
    site: &Site,
    lang: Lang,
    invitation: &Invitation,
    inviter: &str,
    token: &str,
) -> (String, String) {
    let link = format!("{}/to-chuc/loi-moi/{token}", site.base_url);
    let (org, day) = (&invitation.name, date(day_of(invitation.expires_at)));
    let roles = OrgRole::shown(&invitation.roles, lang);
    let (subject, body) = match lang {
        Lang::Vi => (
            format!("Lời mời mua hàng cho {org}"),
            format!(
                "{inviter} mời bạn cùng mua hàng cho {org} trên {} với vai trò: {roles}.\n\nMở liên kết sau để nhận lời (dùng một lần, hết hạn ngày {day}):\n{link}\n\nBạn cần đăng nhập bằng đúng địa chỉ thư này. Nếu không biết người mời, xin bỏ qua thư.",
                site.name
            ),
        ),
        Lang::En => (
            format!("You are invited to buy for {org}"),
            format!(
                "{inviter} invites you to buy for {org} on {} as: {roles}.\n\nOpen this link to accept (works once, until {day}):\n{link}\n\nYou need to sign in with this very e-mail address. If you do not know who invites you, please ignore this mail.",
                site.name
            ),
        ),
    };
    (subject, signed(site, lang, &body))
}

/// An officer has decided who the organisation is.
pub(super) fn decided(
    site: &Site,
    lang: Lang,
    org: &str,
    decision: Decision,
    note: &str,
) -> (String, String) {
    let (subject, body) = match (decision, lang) {
        (Decision::Verify, Lang::Vi) => (
            format!("{org} đã được xác minh"),
            "Sở Công Thương đã xác minh đơn vị mua hàng của bạn. Người bán thấy dấu “Đã xác minh” khi nhận đơn và yêu cầu báo giá của đơn vị."
                .to_owned(),
        ),
        (Decision::Verify, Lang::En) => (
            format!("{org} has been verified"),
            "The Department of Industry and Trade has verified your buying organisation. Sellers see the mark “Verified” with its orders and requests."
                .to_owned(),
        ),
        (Decision::Refuse, Lang::Vi) => (
            format!("{org} chưa được xác minh"),
            format!("Sở Công Thương từ chối xác minh đơn vị mua hàng này, lý do: {note}\n\nĐơn vị không đặt hàng được nữa. Nếu có nhầm lẫn, bạn có thể mở lại với thông tin đúng, hoặc trả lời thư này."),
        ),
        (Decision::Refuse, Lang::En) => (
            format!("{org} was not verified"),
            format!("The Department of Industry and Trade has refused to verify this buying organisation: {note}\n\nIt cannot order any more. If this is a mistake, open it again with the right facts, or answer this mail."),
        ),
    };
    let body = format!("{body}\n\n{}/to-chuc", site.base_url);
    (subject, signed(site, lang, &body))
}

fn signed(site: &Site, lang: Lang, body: &str) -> String {
    let hello = lang.t("Kính gửi quý vị,", "Hello,");
    format!("{hello}\n\n{body}\n\n-- \n{}\n{}\n", site.name, site.base_url)
}
