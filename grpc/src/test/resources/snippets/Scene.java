package snippets;

import dev.cutout.*;
import dev.cutout.grpc.*;
import io.grpc.*;
import io.grpc.stub.*;
import java.time.*;
import java.util.*;
import java.util.concurrent.*;

/** What the code in the documentation uses without showing it: a channel, a service, and what protoc makes of it. */
public abstract class Scene {
    protected static final CallOptions.Key<String> TENANT = CallOptions.Key.create("tenant");

    protected final ManagedChannel channel = null;
    protected final BindableService service = null;
    protected final CallNotPermittedException refusal = null;
    protected final StreamObserver<Stock> responses = null;
    protected final InventoryGrpc.InventoryBlockingStub inventory = null;
    protected final StockRequest request = new StockRequest();

    /** Where an expression goes that is shown for itself. */
    protected static void take(Object value) {}

    public static final class StockRequest {}

    public static final class Stock {
        public static Stock getDefaultInstance() {
            return new Stock();
        }
    }

    public static final class InventoryGrpc {
        public static InventoryBlockingStub newBlockingStub(Channel channel) {
            return new InventoryBlockingStub(channel, CallOptions.DEFAULT);
        }

        public static final class InventoryBlockingStub extends AbstractBlockingStub<InventoryBlockingStub> {
            InventoryBlockingStub(Channel channel, CallOptions options) {
                super(channel, options);
            }

            @Override
            protected InventoryBlockingStub build(Channel channel, CallOptions options) {
                return new InventoryBlockingStub(channel, options);
            }

            public Stock fetchStock(StockRequest request) {
                return new Stock();
            }
        }
    }
}
