//! What officers, shops and buyers type, and what of it can be used. Pure.

use super::{
    events::NewEvent,
    meet::Answer,
    model::{Kind, MeetingEvent, Outcome},
    queries::Event,
};
use crate::kernel::{Cx, Day, Errors, Lang, day_of, parse_day, vn};
use chrono::{DateTime, Days, NaiveDateTime, Utc};
use serde::Deserialize;

/// An event as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct EventForm {
    pub(super) key: String,
    pub(super) ban: String,
    pub(super) loai: String,
    pub(super) ten: String,
    pub(super) ten_en: String,
    pub(super) tom_tat: String,
    pub(super) tom_tat_en: String,
    pub(super) noi_dung: String,
    pub(super) to_chuc: String,
    pub(super) noi: String,
    pub(super) tu_ngay: String,
    pub(super) den_ngay: String,
    pub(super) dang_ky_den: String,
}

impl EventForm {
    pub(super) fn of(event: &Event, key: String) -> Self {
        Self {
            key,
            ban: event.version.to_string(),
            loai: event.kind.code().to_owned(),
            ten: event.title.clone(),
            ten_en: event.title_en.clone(),
            tom_tat: event.summary.clone(),
            tom_tat_en: event.summary_en.clone(),
            noi_dung: event.body.clone(),
            to_chuc: event.organiser.clone(),
            noi: event.place.clone(),
            tu_ngay: event.starts_on.to_string(),
            den_ngay: event.ends_on.to_string(),
            dang_ky_den: event.sign_up_until.to_string(),
        }
    }

    /// The event, or what is wrong field by field. A new one does not lie in the past.
    pub(super) fn check(&self, lang: Lang, cx: &Cx, is_new: bool) -> Result<NewEvent, Errors> {
        let mut errors = Errors::new(lang);
        let kind = Kind::of(&self.loai);
        errors.check(kind.is_some(), "loai", "Xin chọn loại sự kiện.", "Please choose the kind.");
        errors.length("ten", &self.ten, (5, 160));
        errors.length("ten_en", &self.ten_en, (0, 160));
        errors.length("tom_tat", &self.tom_tat, (10, 400));
        errors.length("tom_tat_en", &self.tom_tat_en, (0, 400));
        errors.length("noi_dung", &self.noi_dung, (0, 20_000));
        errors.length("to_chuc", &self.to_chuc, (3, 200));
        errors.length("noi", &self.noi, (3, 300));
        let from = errors.take("tu_ngay", parse_day(&self.tu_ngay));
        let to = errors.take("den_ngay", parse_day(&self.den_ngay));
        let until = errors.take("dang_ky_den", parse_day(&self.dang_ky_den));
        let days = self.days(&mut errors, cx, is_new, (from, to, until));
        match (kind, days) {
            (Some(kind), Some((starts_on, ends_on, sign_up_until))) if errors.is_empty() => {
                let text = |typed: &str| typed.trim().to_owned();
                Ok(NewEvent {
                    kind,
                    title: text(&self.ten),
                    title_en: text(&self.ten_en),
                    summary: text(&self.tom_tat),
                    summary_en: text(&self.tom_tat_en),
                    body: text(&self.noi_dung),
                    organiser: text(&self.to_chuc),
                    place: text(&self.noi),
                    starts_on,
                    ends_on,
                    sign_up_until,
                })
            }
            _ => Err(errors),
        }
    }

    fn days(
        &self,
        errors: &mut Errors,
        cx: &Cx,
        is_new: bool,
        typed: (Option<Day>, Option<Day>, Option<Day>),
    ) -> Option<(Day, Day, Day)> {
        let (from, to, until) = (typed.0?, typed.1?, typed.2?);
        errors.check(
            from <= to && to <= from + Days::new(366),
            "den_ngay",
            "Ngày kết thúc không trước ngày bắt đầu và không quá một năm sau đó.",
            "The last day is not before the first, nor over a year after it.",
        );
        errors.check(
            until <= to,
            "dang_ky_den",
            "Hạn đăng ký không sau ngày kết thúc.",
            "Shops sign up before the event is over.",
        );
        errors.check(
            !is_new || to >= day_of(cx.now),
            "den_ngay",
            "Sự kiện này đã qua.",
            "This event is over already.",
        );
        Some((from, to, until))
    }
}

/// A wish to meet as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct WishForm {
    pub(super) key: String,
    pub(super) ho_ten: String,
    pub(super) dien_thoai: String,
    pub(super) viec: String,
    pub(super) khi: String,
}

/// What one side says of a meeting, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct AnswerForm {
    pub(super) act: String,
    pub(super) luc: String,
    pub(super) noi: String,
    pub(super) ly_do: String,
    pub(super) ket_qua: String,
    pub(super) ghi_chu: String,
}

/// A time as a browser sends it or as people write it: `2026-12-05T09:30`, `09:30 05/12/2026`.
fn moment(typed: &str) -> Option<DateTime<Utc>> {
    let forms = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%H:%M %d/%m/%Y", "%d/%m/%Y %H:%M"];
    let found = forms.iter().find_map(|f| NaiveDateTime::parse_from_str(typed.trim(), f).ok())?;
    found.and_local_timezone(vn()).single().map(|at| at.with_timezone(&Utc))
}

impl AnswerForm {
    /// The step and what goes with it, or what is wrong.
    pub(super) fn check(&self, lang: Lang, cx: &Cx) -> Result<(MeetingEvent, Answer), Errors> {
        let mut errors = Errors::new(lang);
        let text = |typed: &str| typed.trim().to_owned();
        let mut answer = Answer::default();
        let event = match self.act.as_str() {
            "agree" => {
                answer.at = moment(&self.luc)
                    .filter(|at| *at > cx.now && *at < cx.now + chrono::TimeDelta::days(400));
                errors.check(
                    answer.at.is_some(),
                    "luc",
                    "Xin ghi ngày giờ gặp, chưa qua, ví dụ 09:30 05/12/2026.",
                    "Please write when, a time to come, e.g. 09:30 05/12/2026.",
                );
                errors.length("noi", &self.noi, (3, 200));
                answer.place = text(&self.noi);
                MeetingEvent::Agree
            }
            "decline" | "cancel" => {
                errors.length("ly_do", &self.ly_do, (3, 300));
                answer.why = text(&self.ly_do);
                if self.act == "cancel" { MeetingEvent::Cancel } else { MeetingEvent::Decline }
            }
            "hold" => {
                answer.result = Outcome::of(&self.ket_qua);
                errors.check(
                    answer.result.is_some(),
                    "ket_qua",
                    "Xin chọn kết quả cuộc gặp.",
                    "Please say what came of it.",
                );
                errors.length("ghi_chu", &self.ghi_chu, (0, 1000));
                answer.note = text(&self.ghi_chu);
                MeetingEvent::Hold
            }
            _ => {
                errors.check(self.act == "miss", "act", "Xin chọn một việc.", "Please choose.");
                MeetingEvent::Miss
            }
        };
        if errors.is_empty() { Ok((event, answer)) } else { Err(errors) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_of_viet_nam() {
        let at = moment("2026-12-05T09:30").unwrap();
        assert_eq!(at.to_rfc3339(), "2026-12-05T02:30:00+00:00");
        assert_eq!(moment(" 09:30 05/12/2026 "), Some(at));
        assert_eq!(moment("tomorrow"), None);
    }
}
