//! Names that files spell: each stands once, and is found by comparing with constants.

/// Says how the variants of an enum are spelled, and finds a variant by its name.
macro_rules! spelled {
    ($type:ident { $($variant:ident = $name:literal),+ $(,)? }) => {
        impl $type {
            const fn spelling(self) -> &'static str {
                match self {
                    $($type::$variant => $name,)+
                }
            }

            fn spelled(name: &str) -> Option<Self> {
                match name {
                    $($name => Some($type::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

pub(crate) use spelled;
