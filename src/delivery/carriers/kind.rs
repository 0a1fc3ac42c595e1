//! Which carriers there are. Pure.

use crate::kernel::Text;

/// Who brings a parcel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum CarrierKind {
    /// The seller himself, a bus, a neighbour.
    Own,
    /// The buyer fetches it.
    Pickup,
    Ghn,
    Ghtk,
    ViettelPost,
}

impl CarrierKind {
    /// Everybody.
    pub const ALL: [Self; 5] = [Self::Own, Self::Pickup, Self::Ghn, Self::Ghtk, Self::ViettelPost];
    /// Those with a system of their own, for which a seller needs a contract.
    pub const NETWORK: [Self; 3] = [Self::Ghn, Self::ViettelPost, Self::Ghtk];

    /// The word in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Pickup => "pickup",
            Self::Ghn => "ghn",
            Self::Ghtk => "ghtk",
            Self::ViettelPost => "viettel_post",
        }
    }

    /// The word in addresses.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::ViettelPost => "viettel-post",
            other => other.code(),
        }
    }

    /// The carrier of a stored word or of an address.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == word || kind.slug() == word)
    }

    /// As people call him.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Own => Text::new("Người bán tự giao", "The seller brings it"),
            Self::Pickup => Text::new("Người mua tới lấy", "The buyer collects it"),
            Self::Ghn => Text::new("Giao Hàng Nhanh", "Giao Hàng Nhanh (GHN)"),
            Self::Ghtk => Text::new("Giao Hàng Tiết Kiệm", "Giao Hàng Tiết Kiệm (GHTK)"),
            Self::ViettelPost => Text::new("Viettel Post", "Viettel Post"),
        }
    }

    /// Whether he has a system of his own.
    #[must_use]
    pub const fn is_network(self) -> bool {
        matches!(self, Self::Ghn | Self::Ghtk | Self::ViettelPost)
    }

    /// His page on which anybody can follow a parcel.
    #[must_use]
    pub fn follow_url(self, code: &str) -> Option<String> {
        let sound = !code.is_empty()
            && code.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c));
        let url = match self {
            Self::Own | Self::Pickup => return None,
            Self::Ghn => format!("https://donhang.ghn.vn/?order_code={code}"),
            Self::Ghtk => format!("https://i.ghtk.vn/{code}"),
            Self::ViettelPost => format!(
                "https://viettelpost.vn/thong-tin-don-hang?peopleTracking=sender&orderNumber={code}"
            ),
        };
        sound.then_some(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lead_back() {
        for kind in CarrierKind::ALL {
            assert_eq!(CarrierKind::of(kind.code()), Some(kind));
            assert_eq!(CarrierKind::of(kind.slug()), Some(kind));
        }
        assert!(CarrierKind::Ghn.follow_url("a\"b").is_none());
    }
}
