# A replacement for golang:1.26-bookworm. Debian's own Go is older and downloads this one as a module, with a checksum in Go's public
# database. One step, so that no layer keeps Debian's.
ARG DEBIAN_IMAGE=debian:bookworm-slim
FROM ${DEBIAN_IMAGE}
ARG GO_VERSION=1.26.8
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates golang-go \
 && toolchain="golang.org/toolchain@v0.0.1-go$GO_VERSION.linux-$(dpkg --print-architecture)" \
 && cd /tmp && go mod download "$toolchain" \
 && cp -r "/root/go/pkg/mod/$toolchain" /usr/local/go \
 && chmod -R u+w /root/go /usr/local/go && chmod +x /usr/local/go/bin/* /usr/local/go/pkg/tool/*/* \
 && DEBIAN_FRONTEND=noninteractive apt-get purge -y --auto-remove golang-go \
 && rm -rf /root/go /root/.cache /usr/local/go/api /usr/local/go/test /usr/local/go/doc /var/lib/apt/lists/* /var/cache/apt/*
ENV PATH=/usr/local/go/bin:$PATH
CMD ["bash"]
