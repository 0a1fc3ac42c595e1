//! The client's address: the peer's own, unless the peer is a proxy that we trust.

use axum::extract::{ConnectInfo, Request};
use ipnet::IpNet;
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

/// Proxies whose `X-Forwarded-For` is believed.
#[derive(Debug, Clone, Default)]
pub struct Trusted(Arc<[IpNet]>);

impl Trusted {
    /// Believes these networks.
    #[must_use]
    pub fn new(networks: &[IpNet]) -> Self {
        Self(networks.into())
    }

    fn holds(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// Walks `X-Forwarded-For` from the right as long as the speaker is trusted.
#[must_use]
pub fn client_address(request: &Request, trusted: &Trusted) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let mut address = peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)).to_canonical();
    if trusted.0.is_empty() {
        return address;
    }
    let forwarded =
        request.headers().get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok());
    let hops: Vec<IpAddr> =
        forwarded.flat_map(|v| v.split(',')).map_while(|hop| hop.trim().parse().ok()).collect();
    for hop in hops.into_iter().rev() {
        if !trusted.holds(address) {
            break;
        }
        address = hop;
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(peer: [u8; 4], forwarded: &str, trusted: &[&str]) -> IpAddr {
        let mut request = Request::new(axum::body::Body::empty());
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((peer, 1))));
        request.headers_mut().insert("x-forwarded-for", forwarded.parse().unwrap());
        let networks: Vec<IpNet> = trusted.iter().map(|n| n.parse().unwrap()).collect();
        client_address(&request, &Trusted::new(&networks))
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(asked([9, 9, 9, 9], "1.1.1.1", &[]), IpAddr::from([9, 9, 9, 9]));
        assert_eq!(asked([9, 9, 9, 9], "1.1.1.1", &["10.0.0.0/8"]), IpAddr::from([9, 9, 9, 9]));
        assert_eq!(
            asked([10, 0, 0, 1], "6.6.6.6, 1.1.1.1", &["10.0.0.0/8"]),
            IpAddr::from([1, 1, 1, 1])
        );
        assert_eq!(
            asked([10, 0, 0, 1], "6.6.6.6, 1.1.1.1, 10.0.0.2", &["10.0.0.0/8"]),
            IpAddr::from([1, 1, 1, 1])
        );
    }
}
