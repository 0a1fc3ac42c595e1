//! The letters of this slice, in the reader's language.

use crate::{config::Site, kernel::Lang, platform::mail::Mail};
use std::sync::Arc;

/// Writes letters with links to the configured address, never to a request's `Host`.
#[derive(Clone)]
pub struct Letters(pub Arc<Site>);

impl Letters {
    fn mail(&self, lang: Lang, to: &str, subject: &str, text: &str, dedup_key: String) -> Mail {
        let site = &self.0;
        let (name, base) = (&site.name, &site.base_url);
        let foot = lang.t(
            "Thư này được gửi tự động; xin đừng trả lời.",
            "This message was sent automatically; please do not reply.",
        );
        Mail {
            to: to.to_owned(),
            subject: format!("{subject} – {name}"),
            body: format!("{text}\n\n-- \n{name}\n{base}\n{foot}\n"),
            dedup_key,
        }
    }

    fn link(&self, path: &str) -> String {
        format!("{}{path}", self.0.base_url)
    }

    /// Opens the account, or proves a new address of one.
    pub(super) fn confirm(&self, lang: Lang, name: &str, to: &str, path: &str, id: &str) -> Mail {
        let link = self.link(path);
        let text = match lang {
            Lang::Vi => format!(
                "Chào {name},\n\nMở liên kết dưới đây và nhập mật khẩu bạn đã chọn để xác nhận địa chỉ e-mail này:\n\n{link}\n\n\
                 Liên kết dùng được trong 48 giờ. Nếu không phải bạn đăng ký, xin bỏ qua thư này: không có mật khẩu thì không ai dùng được tài khoản."
            ),
            Lang::En => format!(
                "Hello {name},\n\nOpen the link below and enter the password you chose to confirm this e-mail address:\n\n{link}\n\n\
                 The link works for 48 hours. If it was not you who signed up, please ignore this message: without the password nobody can use the account."
            ),
        };
        let subject = lang.t("Xác nhận địa chỉ e-mail", "Confirm your e-mail address");
        self.mail(lang, to, subject, &text, format!("accounts.confirm:{id}"))
    }

    /// Somebody signed up with an address that has an account.
    pub(super) fn taken(&self, lang: Lang, name: &str, to: &str, hour: i64) -> Mail {
        let (sign_in, reset) = (self.link("/dang-nhap"), self.link("/quen-mat-khau"));
        let text = match lang {
            Lang::Vi => format!(
                "Chào {name},\n\nCó người vừa dùng địa chỉ e-mail này để đăng ký, nhưng địa chỉ đã có tài khoản; không có gì thay đổi.\n\n\
                 Nếu đó là bạn, hãy đăng nhập: {sign_in}\nQuên mật khẩu: {reset}\n\nNếu không phải bạn, xin bỏ qua thư này."
            ),
            Lang::En => format!(
                "Hello {name},\n\nSomebody just tried to sign up with this e-mail address, but it already has an account; nothing has changed.\n\n\
                 If it was you, please sign in: {sign_in}\nForgot the password: {reset}\n\nIf it was not you, please ignore this message."
            ),
        };
        let subject = lang.t("Địa chỉ này đã có tài khoản", "This address already has an account");
        self.mail(lang, to, subject, &text, format!("accounts.taken:{to}:{hour}"))
    }

    /// Sets a new password.
    pub(super) fn reset(&self, lang: Lang, name: &str, to: &str, path: &str, id: &str) -> Mail {
        let link = self.link(path);
        let text = match lang {
            Lang::Vi => format!(
                "Chào {name},\n\nMở liên kết dưới đây để đặt mật khẩu mới:\n\n{link}\n\n\
                 Liên kết dùng được một lần, trong 60 phút. Nếu bạn không yêu cầu, xin bỏ qua thư này; mật khẩu cũ vẫn dùng được."
            ),
            Lang::En => format!(
                "Hello {name},\n\nOpen the link below to set a new password:\n\n{link}\n\n\
                 The link works once, for 60 minutes. If you did not ask for it, please ignore this message; the old password stays as it is."
            ),
        };
        let subject = lang.t("Đặt lại mật khẩu", "Reset your password");
        self.mail(lang, to, subject, &text, format!("accounts.reset:{id}"))
    }

    /// Something about the way into the account has changed.
    pub(super) fn changed(&self, lang: Lang, name: &str, to: &str, what: Change, id: &str) -> Mail {
        let (subject, line) = match what {
            Change::Password => (
                lang.t("Mật khẩu đã đổi", "Your password was changed"),
                lang.t(
                    "Mật khẩu tài khoản của bạn vừa được đổi; các thiết bị khác đã bị đăng xuất.",
                    "The password of your account was just changed; other devices were signed out.",
                ),
            ),
            Change::Phone => (
                lang.t("Số điện thoại đã đổi", "Your phone number was changed"),
                lang.t(
                    "Số điện thoại trong tài khoản của bạn vừa được đổi.",
                    "The phone number of your account was just changed.",
                ),
            ),
            Change::SecondFactorOn => (
                lang.t("Đã bật xác thực hai lớp", "Second factor switched on"),
                lang.t(
                    "Từ nay tài khoản của bạn đăng nhập bằng mật khẩu và mã xác thực.",
                    "From now on your account signs in with the password and a code.",
                ),
            ),
            Change::SecondFactorOff => (
                lang.t("Đã tắt xác thực hai lớp", "Second factor switched off"),
                lang.t(
                    "Tài khoản của bạn đăng nhập chỉ bằng mật khẩu.",
                    "Your account now signs in with the password alone.",
                ),
            ),
        };
        let reset = self.link("/quen-mat-khau");
        let text = match lang {
            Lang::Vi => format!(
                "Chào {name},\n\n{line}\n\nNếu không phải bạn làm việc này, hãy đặt lại mật khẩu ngay: {reset}"
            ),
            Lang::En => format!(
                "Hello {name},\n\n{line}\n\nIf it was not you, reset the password at once: {reset}"
            ),
        };
        self.mail(lang, to, subject, &text, format!("accounts.changed:{id}"))
    }
}

/// What a [`Letters::changed`] tells of.
#[derive(Debug, Clone, Copy)]
pub(super) enum Change {
    Password,
    Phone,
    SecondFactorOn,
    SecondFactorOff,
}
