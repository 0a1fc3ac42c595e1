//! What is counted: indicators, the populations they are shares of, and size classes.

use crate::kernel::{Lang, Text};

/// A population of the register; never added to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// Enterprises: the denominator of the plans' targets.
    Enterprises,
    /// Cooperatives.
    Cooperatives,
    /// Household businesses.
    Households,
}

impl Group {
    pub const ALL: [Self; 3] = [Self::Enterprises, Self::Cooperatives, Self::Households];

    /// The register's word.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Enterprises => "enterprise",
            Self::Cooperatives => "cooperative",
            Self::Households => "household",
        }
    }

    /// The population of the register's word; organisations belong to none.
    #[must_use]
    pub fn of_kind(kind: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|g| g.kind() == kind)
    }

    /// Its word in addresses.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Enterprises => "doanh-nghiep",
            Self::Cooperatives => "hop-tac-xa",
            Self::Households => "ho-kinh-doanh",
        }
    }

    /// The population of an address; enterprises where it is not known.
    #[must_use]
    pub fn of_slug(slug: &str) -> Self {
        Self::ALL.into_iter().find(|g| g.slug() == slug).unwrap_or(Self::Enterprises)
    }

    /// Its name.
    #[must_use]
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Enterprises => lang.t("Doanh nghiệp", "Enterprises"),
            Self::Cooperatives => lang.t("Hợp tác xã", "Cooperatives"),
            Self::Households => lang.t("Hộ kinh doanh", "Household businesses"),
        }
    }
}

/// A size class of Decree 80/2021, article 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Size {
    Micro,
    Small,
    Medium,
    Large,
    Unknown,
}

impl Size {
    pub const ALL: [Self; 5] = [Self::Micro, Self::Small, Self::Medium, Self::Large, Self::Unknown];

    /// The register's word.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Micro => "micro",
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
            Self::Unknown => "unknown",
        }
    }

    /// The class of the register's word.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }

    /// Whether the law calls it a small or medium-sized enterprise.
    #[must_use]
    pub fn is_sme(self) -> bool {
        matches!(self, Self::Micro | Self::Small | Self::Medium)
    }

    /// Its name.
    #[must_use]
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Micro => lang.t("Siêu nhỏ", "Micro"),
            Self::Small => lang.t("Nhỏ", "Small"),
            Self::Medium => lang.t("Vừa", "Medium"),
            Self::Large => lang.t("Lớn", "Large"),
            Self::Unknown => lang.t("Chưa rõ", "Not known"),
        }
    }
}

/// What a firm is counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Indicator {
    /// Active in the register: the denominator itself.
    Population,
    Registered,
    Admitted,
    Shown,
    Listed,
    Trading,
    B2c,
    B2b,
    Both,
    Selling,
    Buying,
    /// TG5: trading, among small and medium-sized enterprises.
    SmeTrading,
    /// HO1: selling, among household businesses.
    HouseholdSelling,
}

impl Indicator {
    pub const ALL: [Self; 13] = [
        Self::Population,
        Self::Registered,
        Self::Admitted,
        Self::Shown,
        Self::Listed,
        Self::Trading,
        Self::B2c,
        Self::B2b,
        Self::Both,
        Self::Selling,
        Self::Buying,
        Self::SmeTrading,
        Self::HouseholdSelling,
    ];

    /// Those that every population has.
    pub const COMMON: [Self; 11] = [
        Self::Population,
        Self::Registered,
        Self::Admitted,
        Self::Shown,
        Self::Listed,
        Self::Trading,
        Self::B2c,
        Self::B2b,
        Self::Both,
        Self::Selling,
        Self::Buying,
    ];

    /// The code of its definition.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Population => "DN",
            Self::Registered => "TG1",
            Self::Admitted => "TG1a",
            Self::Shown => "TG2a",
            Self::Listed => "TG2",
            Self::Trading => "TG3",
            Self::B2c => "TG3a",
            Self::B2b => "TG3b",
            Self::Both => "TG3ab",
            Self::Selling => "TG3c",
            Self::Buying => "TG3d",
            Self::SmeTrading => "TG5",
            Self::HouseholdSelling => "HO1",
        }
    }

    /// The indicator of a code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|i| i.code() == code)
    }

    /// The population it belongs to, where it belongs to one only.
    #[must_use]
    pub fn group(self) -> Option<Group> {
        match self {
            Self::SmeTrading => Some(Group::Enterprises),
            Self::HouseholdSelling => Some(Group::Households),
            _ => None,
        }
    }

    /// Its name.
    #[must_use]
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Population => lang.t("Đang hoạt động", "Active in the register"),
            Self::Registered => lang.t("Đã mở tài khoản gian hàng", "Registered as a seller"),
            Self::Admitted => lang.t("Đã được duyệt", "Admitted to sell"),
            Self::Shown => lang.t("Có hàng đang hiển thị", "Has a public listing"),
            Self::Listed => lang.t("Có hàng đủ ngày", "Listed long enough"),
            Self::Trading => lang.t("Có giao dịch thương mại điện tử", "Trades online"),
            Self::B2c => lang.t("Giao dịch B2C", "B2C trade"),
            Self::B2b => lang.t("Giao dịch B2B", "B2B trade"),
            Self::Both => lang.t("Cả B2C và B2B", "Both B2C and B2B"),
            Self::Selling => lang.t("Là người bán", "As a seller"),
            Self::Buying => lang.t("Là người mua", "As a buyer"),
            Self::SmeTrading => lang.t("DNNVV có giao dịch", "SMEs that trade online"),
            Self::HouseholdSelling => lang.t("Hộ kinh doanh có bán hàng", "Households that sell"),
        }
    }

    /// What makes a firm count, in words.
    #[must_use]
    pub fn definition(self) -> Text {
        let (vi, en) = match self {
            Self::Population => (
                "Pháp nhân trong danh bạ của tỉnh, đang hoạt động vào ngày cuối kỳ (kỳ đang chạy: hôm nay).",
                "Legal entities of the province's register, active on the period's last day (today while it runs).",
            ),
            Self::Registered => (
                "Có tài khoản gian hàng gắn với mã số thuế trong danh bạ, mở trước khi kỳ kết thúc và lúc đó chưa bị từ chối hay đóng; kể cả hồ sơ còn chờ duyệt.",
                "A seller's account under its tax code in the register, opened before the period's end and by then neither refused nor closed; files still waiting for admission included.",
            ),
            Self::Admitted => (
                "Gian hàng đã được Sở duyệt trước khi kỳ kết thúc.",
                "Its shop was admitted by the Department before the period's end.",
            ),
            Self::Shown => (
                "Gian hàng đang được bán hàng, có ít nhất một tin công khai vào lúc kỳ kết thúc (kỳ đang chạy: lúc xem).",
                "A selling shop with at least one public listing at the moment the period ends (now while it runs).",
            ),
            Self::Listed => (
                "Có ít nhất một tin công khai trong đủ số ngày quy định của kỳ (quy tắc listing.tg2_min_days). Đếm ngày theo lịch, dù tin chỉ hiện một phần của ngày; nhiều tin cùng ngày tính một ngày; ngày tin bị ẩn, bị chặn, giấy tờ hết hạn hoặc gian hàng bị tạm ngừng không tính.",
                "At least one listing was public on as many days of the period as rule listing.tg2_min_days says. Calendar days, if only for a part of the day; several listings on one day count once; days on which they were hidden, blocked, without a valid paper, or the shop was suspended do not count.",
            ),
            Self::Trading => (
                "Có ít nhất một đơn bán hoặc mua trên sàn hoàn thành trong kỳ, B2C hoặc B2B; mỗi pháp nhân tính một lần.",
                "At least one sale or purchase completed on the floor in the period, B2C or B2B; each entity once.",
            ),
            Self::B2c => (
                "Có ít nhất một đơn bán cho cá nhân hoàn thành trong kỳ.",
                "At least one completed sale to a person.",
            ),
            Self::B2b => (
                "Có ít nhất một đơn hoàn thành trong kỳ bán cho, hoặc mua với tư cách, tổ chức có mã số thuế.",
                "At least one completed sale to, or purchase as, an organisation with a tax code.",
            ),
            Self::Both => ("Thuộc cả TG3a và TG3b.", "Counts for both TG3a and TG3b."),
            Self::Selling => (
                "Có ít nhất một đơn bán hoàn thành trong kỳ.",
                "At least one completed sale in the period.",
            ),
            Self::Buying => (
                "Có ít nhất một đơn mua với tư cách tổ chức hoàn thành trong kỳ.",
                "At least one completed purchase as an organisation in the period.",
            ),
            Self::SmeTrading => (
                "Doanh nghiệp siêu nhỏ, nhỏ và vừa (Nghị định 80/2021/NĐ-CP, Điều 5) có giao dịch như TG3, trên số doanh nghiệp cùng cỡ; cỡ chưa rõ không tính. Phần bán trên sàn khác do doanh nghiệp khai: chưa đo trên sàn.",
                "Micro, small and medium enterprises (Decree 80/2021, Art. 5) that count for TG3, of all of these sizes; unknown sizes are left out. Declared sales on other platforms: not measured here.",
            ),
            Self::HouseholdSelling => (
                "Hộ kinh doanh có ít nhất một đơn bán hoàn thành trong kỳ, trên số hộ trong danh bạ; tính riêng.",
                "Household businesses with a completed sale, of the households in the register; counted apart.",
            ),
        };
        Text::new(vi, en)
    }
}

/// Indicators of the definitions that nothing on the floor measures yet: code, name, and what is missing.
#[must_use]
pub(super) fn not_measured(lang: Lang) -> [(&'static str, &'static str, &'static str); 6] {
    [
        (
            "TG3e",
            lang.t("Đa kênh", "Through national exchanges"),
            lang.t("Sàn chưa kết nối với các sàn quốc gia.", "No national exchange is connected."),
        ),
        (
            "TG4",
            lang.t("Ứng dụng công nghệ thông tin", "Use of information technology"),
            lang.t("Cần khảo sát doanh nghiệp.", "Needs a survey of the firms."),
        ),
        (
            "GT1–GT4",
            lang.t(
                "Giá trị, số đơn, giá trị bình quân, tỷ trọng B2B",
                "Value, orders, average, share of B2B",
            ),
            lang.t(
                "Chờ quy tắc bảo mật số liệu của từng doanh nghiệp.",
                "Waits for the rules that keep single firms' figures confidential.",
            ),
        ),
        (
            "TM1",
            lang.t("Thanh toán không tiền mặt", "Cashless orders"),
            lang.t(
                "Đơn thu hộ chưa ghi người mua trả tiền mặt hay chuyển khoản khi nhận.",
                "Orders paid on delivery do not say whether in cash.",
            ),
        ),
        (
            "KN1–KN2",
            lang.t(
                "Khiếu nại trả lời, giải quyết đúng hạn",
                "Complaints answered and solved in time",
            ),
            lang.t("Sàn chưa nhận khiếu nại.", "The floor does not take complaints."),
        ),
        (
            "DV1",
            lang.t("Thủ tục làm trực tuyến", "Procedures completed online"),
            lang.t("Sàn chưa nối với cổng dịch vụ công.", "No public service portal is connected."),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_words_are_read_back() {
        for indicator in Indicator::ALL {
            assert_eq!(Indicator::of_code(indicator.code()), Some(indicator));
        }
        for group in Group::ALL {
            assert_eq!(
                (Group::of_kind(group.kind()), Group::of_slug(group.slug())),
                (Some(group), group)
            );
        }
        for size in Size::ALL {
            assert_eq!(Size::of_code(size.code()), Some(size));
        }
        assert_eq!(Indicator::of_code("TG9"), None);
    }
}
