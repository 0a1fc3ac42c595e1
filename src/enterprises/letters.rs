//! What owners are written.

use super::model::{Seller, Step};
use crate::{
    config::Site,
    kernel::{Day, Lang, date},
};

/// What a letter about a step is called.
fn subject(step: Step, lang: Lang, shop: &str) -> String {
    let (vi, en) = match step {
        Step::Submit => ("Đã nhận hồ sơ gian hàng {}", "We have received the file of {}"),
        Step::AskChanges => {
            ("Hồ sơ gian hàng {} cần bổ sung", "Changes are asked for in the file of {}")
        }
        Step::Approve => ("Gian hàng {} đã được duyệt", "{} has been approved"),
        Step::Refuse => ("Hồ sơ gian hàng {} bị từ chối", "The file of {} was refused"),
        Step::Suspend => ("Gian hàng {} bị tạm ngừng", "{} has been suspended"),
        Step::Reinstate => ("Gian hàng {} được bán trở lại", "{} may sell again"),
        Step::Close => ("Gian hàng {} đã đóng", "{} has been closed"),
    };
    lang.t(vi, en).replace("{}", shop)
}

/// What a step means for the shop.
fn meaning(step: Step, lang: Lang) -> &'static str {
    let (vi, en) = match step {
        Step::Submit => (
            "Sở Công Thương đã nhận hồ sơ gian hàng của bạn và sẽ trả lời qua thư này.",
            "The Department of Industry and Trade has received your shop's file and will answer by mail.",
        ),
        Step::AskChanges => (
            "Cán bộ đã xem hồ sơ của bạn và cần bạn bổ sung. Sửa xong, bạn gửi lại ngay trên trang hồ sơ.",
            "An officer has read your file and asks for changes. Make them and submit again on the profile page.",
        ),
        Step::Approve => (
            "Chúc mừng! Gian hàng của bạn đã được duyệt. Bạn có thể đăng sản phẩm đầu tiên ngay bây giờ.",
            "Congratulations! Your shop has been approved. You can list your first product now.",
        ),
        Step::Refuse => (
            "Hồ sơ gian hàng của bạn không được chấp nhận. Nếu không đồng ý, bạn có thể trả lời thư này hoặc gửi khiếu nại cho chủ quản sàn.",
            "Your shop's file was not accepted. If you disagree, answer this mail or send a complaint to the floor's operator.",
        ),
        Step::Suspend => (
            "Gian hàng của bạn tạm ngừng bán từ bây giờ. Các đơn đã đặt vẫn phải hoàn tất. Bạn có quyền khiếu nại quyết định này.",
            "Your shop may not sell from now on. Orders already placed must still be fulfilled. You may complain against this decision.",
        ),
        Step::Reinstate => (
            "Gian hàng của bạn đã được mở lại; các sản phẩm lại hiện trên sàn.",
            "Your shop is open again; its products are shown again.",
        ),
        Step::Close => {
            ("Gian hàng của bạn trên sàn đã được đóng.", "Your shop on the floor has been closed.")
        }
    };
    match lang {
        Lang::Vi => vi,
        Lang::En => en,
    }
}

/// Subject and body of a letter about a step.
pub(super) fn step(
    site: &Site,
    lang: Lang,
    seller: &Seller,
    step: Step,
    reason: &str,
) -> (String, String) {
    let reason = match (reason, lang) {
        ("", _) => String::new(),
        (words, Lang::Vi) => format!("\n\nLý do / nội dung: {words}"),
        (words, Lang::En) => format!("\n\nReason: {words}"),
    };
    let look = lang.t("Xem hồ sơ", "See the file");
    let link = format!("{}/ban-hang/ho-so", site.base_url);
    let body = format!("{}{reason}\n\n{look}: {link}", meaning(step, lang));
    (subject(step, lang, &seller.shop_name), signed(site, lang, &body))
}

/// A warning that the bank account was changed.
pub(super) fn bank(site: &Site, lang: Lang, seller: &Seller, account: &str) -> (String, String) {
    let (shop, link) = (&seller.shop_name, format!("{}/ban-hang/ngan-hang", site.base_url));
    let (subject, body) = match lang {
        Lang::Vi => (
            format!("Tài khoản nhận tiền của {shop} vừa thay đổi"),
            format!(
                "Tài khoản ngân hàng nhận tiền của gian hàng vừa được đổi thành:\n{account}\n\nNếu không phải bạn hoặc người trong gian hàng làm, hãy đổi mật khẩu ngay và báo cho chủ quản sàn.\n\nXem lại: {link}"
            ),
        ),
        Lang::En => (
            format!("The account that {shop} is paid into has changed"),
            format!(
                "The bank account that buyers pay into is now:\n{account}\n\nIf neither you nor a colleague did this, change your password at once and tell the floor's operator.\n\nCheck it: {link}"
            ),
        ),
    };
    (subject, signed(site, lang, &body))
}

/// An invitation with its one-time link.
pub(super) fn invitation(
    site: &Site,
    lang: Lang,
    (shop, role, inviter): (&str, &str, &str),
    token: &str,
    last_day: Day,
) -> (String, String) {
    let (link, day) = (format!("{}/loi-moi/{token}", site.base_url), date(last_day));
    let (subject, body) = match lang {
        Lang::Vi => (
            format!("Lời mời tham gia gian hàng {shop}"),
            format!(
                "{inviter} mời bạn vào gian hàng {shop} trên {} với vai trò: {role}.\n\nMở liên kết sau để nhận lời (dùng một lần, hết hạn ngày {day}):\n{link}\n\nBạn cần đăng nhập bằng đúng địa chỉ thư này. Nếu không biết người mời, xin bỏ qua thư.",
                site.name
            ),
        ),
        Lang::En => (
            format!("You are invited to the shop {shop}"),
            format!(
                "{inviter} invites you to the shop {shop} on {} as: {role}.\n\nOpen this link to accept (works once, until {day}):\n{link}\n\nYou need to sign in with this very e-mail address. If you do not know who invites you, please ignore this mail.",
                site.name
            ),
        ),
    };
    (subject, signed(site, lang, &body))
}

fn signed(site: &Site, lang: Lang, body: &str) -> String {
    let hello = lang.t("Kính gửi quý vị,", "Hello,");
    format!("{hello}\n\n{body}\n\n-- \n{}\n{}\n", site.name, site.base_url)
}
